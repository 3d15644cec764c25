using System.Text.Json;
using Workbench.Dictionaries;
using Workbench.Dictionaries.Formats;
using Workbench.Models.Weights;
using Workbench.Numerics;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Dictionaries;

[Trait("Category", "Golden")]
public sealed class SaeLensGoldenTests
{
    private const double Tolerance = 1e-5;

    private static readonly string[] s_architectures = ["topk", "jumprelu", "standard"];

    public static IEnumerable<TheoryDataRow<string>> Folders()
    {
        string root = Path.Combine(Golden.Root, "sae");
        return Directory.Exists(root)
            ? Golden.Cases(root, "expected.json").Where(IsSaeLens).Select(folder => new TheoryDataRow<string>(Path.GetFileName(folder)))
            : [new TheoryDataRow<string>(string.Empty)];
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_dictionary_of_SAELens_gives_the_latents_and_reconstructions_that_SAELens_computes(string name)
    {
        string folder = Golden.Require("sae", name);
        string path = PathOf(name);
        if (!IsSupported(Golden.Json(path, SaeLensFormat.ConfigFile), out string reason))
        {
            Should.Throw<WorkbenchException>(() => DictionaryLoader.Load(path)).Message.ShouldContain(reason);
            return;
        }

        using var scope = NewDisposeScope();
        SafetensorsFile io = SafetensorsFile.Open(Path.Combine(folder, "io.safetensors"));
        Tensor z = io.Load("z");
        using SparseAutoencoder dictionary = DictionaryLoader.LoadSparse(path);

        Tensor dense = dictionary.Encode(io.Load("x"));
        SparseCode code = dictionary.EncodeSparse(io.Load("x"));

        TensorAssert.CloseToScale(z, dense, Tolerance, "z");
        TensorAssert.CloseToScale(z, code.ToDense(), Tolerance, "z, sparse");
        (dense != 0).Equals(z != 0).ShouldBeTrue("the same latents are on");
        (code.ToDense() != 0).Equals(z != 0).ShouldBeTrue("the same latents are on in the sparse code");
        TensorAssert.CloseToScale(io.Load("x_hat"), dictionary.Decode(dense), Tolerance, "x_hat");
        TensorAssert.CloseToScale(io.Load("x_hat"), dictionary.Decode(code), Tolerance, "x_hat, sparse");
        code.ToDense().Equals(dictionary.EncodeSparse(io.Load("x"), MatrixPrecision.Float32).ToDense()).ShouldBeTrue("encoding is repeatable");
        dictionary.Inputs[0].Hook.ShouldBe(Golden.Json(folder, "expected.json").GetProperty("hook").GetString());
    }

    public static IEnumerable<TheoryDataRow<string>> SupportedFolders()
    {
        return Folders().Where(row => row.Data.Length == 0 || IsSupported(Golden.Json(PathOf(row.Data), SaeLensFormat.ConfigFile), out _));
    }

    [Theory]
    [MemberData(nameof(SupportedFolders))]
    public void What_is_saved_in_the_layout_of_SAELens_loads_as_the_same_dictionary(string name)
    {
        Golden.Require("sae", name);
        string path = PathOf(name);
        string copy = Directory.CreateTempSubdirectory("dictionary").FullName;
        try
        {
            using SparseAutoencoder original = DictionaryLoader.LoadSparse(path);
            new SaeLensFormat().Save(original, copy);
            using SparseAutoencoder saved = DictionaryLoader.LoadSparse(copy);
            saved.WeightsHash.ShouldBe(original.WeightsHash);
            (saved.Config with { Metadata = original.Config.Metadata }).ShouldBe(original.Config);
            Golden.Json(copy, SaeLensFormat.ConfigFile).GetProperty("metadata").GetProperty("hook_name").GetString().ShouldBe(original.Config.Hook);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public void Files_of_SAELens_that_must_be_refused_are_refused_by_name()
    {
        string bad = Golden.Require("sae", "bad");
        int refused = 0;
        foreach (string folder in Golden.Cases(bad, "expected.json"))
        {
            JsonElement expected = Golden.Json(folder, "expected.json");
            if (expected.GetProperty("format").GetString() != "saelens")
            {
                continue;
            }

            string path = Path.Combine(folder, expected.GetProperty("load_path").GetString()!);
            string message = Should.Throw<WorkbenchException>(() => DictionaryLoader.Load(path), folder).Message;
            foreach (JsonElement name in expected.GetProperty("message_must_name").EnumerateArray())
            {
                message.ToUpperInvariant().ShouldContain(name.GetString()!.ToUpperInvariant(), customMessage: folder);
            }

            refused++;
        }

        refused.ShouldBeGreaterThan(0);
    }

    private static string PathOf(string name)
    {
        string folder = Path.Combine(Golden.Root, "sae", name);
        return Path.GetFullPath(Path.Combine(folder, Golden.Json(folder, "expected.json").GetProperty("load_path").GetString()!));
    }

    private static bool IsSaeLens(string folder)
    {
        string path = PathOf(Path.GetFileName(folder));
        return File.Exists(Path.Combine(path, SaeLensFormat.ConfigFile)) && File.Exists(Path.Combine(path, SaeLensFormat.WeightsFile));
    }

    /// <summary>What this loader is for, told from the file alone; the rest must be refused by the name in <paramref name="reason"/>.</summary>
    private static bool IsSupported(JsonElement config, out string reason)
    {
        string architecture = config.TryGetProperty("architecture", out JsonElement a) ? a.GetString()! : "standard";
        string normalization = config.TryGetProperty("normalize_activations", out JsonElement n) && n.ValueKind == JsonValueKind.String ? n.GetString()! : "none";
        string hook = config.TryGetProperty("hook_point", out JsonElement h) ? h.GetString()! : string.Empty;
        string reshape = config.TryGetProperty("reshape_activations", out JsonElement r) ? r.GetString()! : hook.Contains("hook_z", StringComparison.Ordinal) ? "hook_z" : "none";
        reason = !s_architectures.Contains(architecture) ? architecture : normalization != "none" ? normalization : reshape != "none" ? reshape : string.Empty;
        return reason.Length == 0;
    }
}
