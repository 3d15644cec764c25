using Workbench.Models;
using Workbench.Numerics;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Models.Reference;

public sealed class RandomDecoderTests : IDisposable
{
    private const int Draws = 5;
    private const double Tolerance = 2e-5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("mistral")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    [InlineData("gemma2")]
    [InlineData("gemma3_text")]
    [InlineData("olmo2")]
    [InlineData("phi3")]
    public void Odd_sizes_give_the_logits_of_a_plain_forward_pass_in_float64(string family)
    {
        var random = new Random(family.Length * 1000);
        for (int draw = 0; draw < Draws; draw++)
        {
            using var scope = NewDisposeScope();
            DecoderSpec spec = DecoderSpec.Draw(family, random);
            Dictionary<string, Tensor> weights = spec.Weights(draw);
            using LanguageModel model = ModelFiles.Find(spec.Write(_folder.At($"{family}-{draw}"), weights)).LoadModel(precision: MatrixPrecision.Float32);
            int length = random.Next(1, 40);
            long[][] texts = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Enumerable.Range(0, length).Select(_ => random.NextInt64(spec.Vocabulary)).ToArray())];
            Tensor ids = stack([.. texts.Select(text => tensor(text))]);
            Tensor expected = stack([.. texts.Select(new ReferenceDecoder(spec, weights).Logits)]);
            TensorAssert.CloseToScale(expected, model.Forward(ids)!, Tolerance, $"{spec}, {texts.Length} texts of {length}");
            TensorAssert.CloseToScale(expected, InPieces(model, ids, random), Tolerance, $"{spec}, {texts.Length} texts of {length} in pieces");
        }
    }

    private static Tensor InPieces(LanguageModel model, Tensor ids, Random random)
    {
        using var cache = new KvCache(model.Config.Layers, capacity: 1);
        var pieces = new List<Tensor>();
        for (long from = 0; from < ids.shape[1];)
        {
            long count = Math.Min(random.Next(1, 9), ids.shape[1] - from);
            pieces.Add(model.Forward(ids.narrow(1, from, count), cache: cache)!);
            from += count;
        }

        return cat([.. pieces], 1);
    }
}
