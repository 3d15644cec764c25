using System.Text.Json;
using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Dictionaries.Formats;
using Workbench.Testing;
using Workbench.Workspaces;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Tests.Indexing;

/// <summary>A workspace with a tiny model's real activations over a small text file, and a random dictionary of its hook.</summary>
internal sealed class TinyWorkspace : IDisposable
{
    public const string Hook = "blocks.0.hook_resid_post";
    public const string HarvestId = "h1";
    public const string DictionaryId = "d1";
    public const int Latents = 40;

    private static readonly Lazy<TinyHarvest> s_made = new(() => new TinyHarvest(Hook, HarvestId));

    private readonly TemporaryFolder _folder = new();

    public TinyWorkspace()
    {
        Workspace = new Workspace(_folder.At("workspace"));
        foreach (string file in Directory.GetFiles(s_made.Value.Folder, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(HarvestPath, Path.GetRelativePath(s_made.Value.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        WriteDictionary(DictionaryId, Hook, s_made.Value.Width, seed: 1);
    }

    public Workspace Workspace { get; }

    public string ModelPath => s_made.Value.ModelPath;

    public string HarvestPath => Workspace.HarvestFolder(HarvestId).Path;

    public string IndexPath => Path.Combine(Workspace.DictionaryFolder(DictionaryId).Path, "indexes", HarvestId);

    public SparseAutoencoder Dictionary()
    {
        return DictionaryLoader.LoadSparse(Workspace.DictionaryFolder(DictionaryId).Path);
    }

    public void WriteDictionary(string id, string hook, int width, int seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new torch.Generator((ulong)seed, CPU);
        var config = new SparseAutoencoderConfig
        {
            Architecture = SparseArchitecture.TopK,
            Width = width,
            Latents = Latents,
            K = 4,
            Hook = hook,
            Metadata = new Dictionary<string, JsonElement> { ["hook_name"] = JsonSerializer.SerializeToElement(hook), ["harvest"] = JsonSerializer.SerializeToElement(HarvestId) },
        };
        Tensor decoder = nn.functional.normalize(randn([Latents, width], generator: generator), dim: 1);
        Tensor bias = zeros(Latents);
        bias[0] = -1e6;
        using var dictionary = new SparseAutoencoder(config, decoder.t().contiguous(), bias, decoder, zeros(width));
        new SaeLensFormat().Save(dictionary, Workspace.DictionaryFolder(id).Path);
    }

    public void Dispose()
    {
        _folder.Dispose();
    }
}
