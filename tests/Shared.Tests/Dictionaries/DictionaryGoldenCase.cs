using System.Text.Json;
using Workbench.Dictionaries;
using Workbench.Models.Weights;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Dictionaries;

/// <summary>A dictionary that a peer wrote, with what the peer makes of fixed activations.</summary>
internal sealed class DictionaryGoldenCase(string name)
{
    private const double Tolerance = 1e-5;

    public static string Root => Path.Combine(Golden.Root, "sae");

    public string Folder => Path.Combine(Root, name);

    public JsonElement Expected => Golden.Json(Folder, "expected.json");

    /// <summary>The path within the folder that is handed to the reader.</summary>
    public string LoadPath => Expected.GetProperty("load_path").GetString()!;

    public string Place => Path.GetFullPath(Path.Combine(Folder, LoadPath));

    private bool ReconstructsFromMore =>
        File.Exists(Path.Combine(Place, "cfg.json"))
        && Golden.Json(Place, "cfg.json").TryGetProperty("multi_topk", out JsonElement multiple)
        && multiple.GetBoolean();

    public static IEnumerable<TheoryDataRow<string>> All()
    {
        return Directory.Exists(Root)
            ? Golden.Cases(Root, "expected.json").Select(folder => new TheoryDataRow<string>(Path.GetFileName(folder)))
            : [new TheoryDataRow<string>(string.Empty)];
    }

    public SparseAutoencoder Load()
    {
        return DictionaryLoader.LoadSparse(Place);
    }

    /// <summary>Dense and sparse latents, and reconstructions from both, are the peer's.</summary>
    public void Check(SparseAutoencoder dictionary, string what)
    {
        using var scope = NewDisposeScope();
        SafetensorsFile io = SafetensorsFile.Open(Path.Combine(Folder, "io.safetensors"));
        (Tensor x, Tensor z, Tensor output) = (io.Load("x"), io.Load("z"), io.Load("x_hat"));
        if (!dictionary.Config.JoinsHeads && x.dim() > 3)
        {
            (x, output) = (x.flatten(-2, -1), output.flatten(-2, -1));
        }

        Tensor dense = dictionary.Encode(x);
        Tensor rows = x.reshape([-1, .. x.shape[^((int)x.dim() - (int)z.dim() + 1)..]]);
        SparseCode code = dictionary.EncodeSparse(rows);
        Tensor sparse = code.ToDense().reshape(z.shape);

        TensorAssert.CloseToScale(z, dense, Tolerance, $"{what}: z");
        TensorAssert.CloseToScale(z, sparse, Tolerance, $"{what}: z, sparse");
        (dense != 0).Equals(z != 0).ShouldBeTrue($"{what}: the same latents are on");
        (sparse != 0).Equals(z != 0).ShouldBeTrue($"{what}: the same latents are on in the sparse code");
        if (ReconstructsFromMore)
        {
            // The peer's forward pass returns the reconstruction from 4k latents here, and its encoder k of them.
            TensorAssert.CloseToScale(output, dictionary.DecodeLargest(x, 4 * dictionary.Config.K!.Value), Tolerance, $"{what}: x_hat of 4k latents");
            output = dictionary.Decode(z);
        }

        TensorAssert.CloseToScale(output, dictionary.Reconstruct(x), Tolerance, $"{what}: x_hat");
        TensorAssert.CloseToScale(output, dictionary.Reconstruct(rows, code).reshape(output.shape), Tolerance, $"{what}: x_hat, sparse");
    }
}
