using TorchSharp;
using Workbench.Models;
using Workbench.Models.Weights;
using Workbench.Numerics;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Models;

[Trait("Category", "Golden")]
public sealed class GgufGoldenTests
{
    private const double DequantisedTolerance = 1e-6;
    private const double LogitTolerance = 1e-4;

    [Fact]
    public void Every_tensor_of_every_file_is_dequantised_as_the_reference_has_it()
    {
        foreach ((string path, SafetensorsFile expected) in Files())
        {
            using GgufFile file = GgufFile.Open(path);
            foreach (GgufTensor stored in file.Tensors.Values.Where(tensor => HasValues(expected, tensor)))
            {
                using var scope = NewDisposeScope();
                Tensor values = file.Dequantise(stored.Name);
                Tensor wanted = expected.Load(stored.Name);
                string name = $"{Path.GetFileName(path)}: {stored.Name}";
                values.shape.ShouldBe(wanted.shape, name);
                bool close = (values - wanted).abs().le(wanted.abs() * DequantisedTolerance).all().item<bool>();
                close.ShouldBeTrue(name);
            }
        }
    }

    [Fact]
    public void Models_of_every_number_type_give_the_references_logits()
    {
        foreach ((string path, SafetensorsFile expected) in Files().Where(pair => pair.Expected.Contains("logits")))
        {
            using var scope = NewDisposeScope();
            using LanguageModel model = ModelFiles.Find(path).LoadModel(precision: MatrixPrecision.Float32);
            TensorAssert.CloseToScale(
                expected.Load("logits"), model.Forward(expected.Load("input_ids"))!, LogitTolerance, Path.GetFileName(path));
        }
    }

    /// <summary>A file that is a whole model may come with logits only.</summary>
    private static bool HasValues(SafetensorsFile expected, GgufTensor tensor)
    {
        expected.Names.ShouldContain(name => name == tensor.Name || name == "logits");
        return expected.Contains(tensor.Name);
    }

    private static List<(string Path, SafetensorsFile Expected)> Files()
    {
        string folder = Golden.Require("lm", "gguf");
        List<(string, SafetensorsFile)> files =
        [
            .. Directory.GetFiles(folder, "*.gguf").Order(StringComparer.Ordinal)
                .Select(path => (path, SafetensorsFile.Open(Path.ChangeExtension(path, ".expected.safetensors")))),
        ];
        Assert.SkipWhen(files.Count == 0, $"{folder} holds no .gguf file.");
        return files;
    }
}
