using System.Text.Json;
using TorchSharp;
using Workbench.Dictionaries;
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

    /// <summary>The hooks of <see cref="OfSeveralHooks"/>, the second of another width than the others.</summary>
    public static readonly string[] Hooks = ["blocks.0.hook_resid_post", "blocks.1.mlp.hook_post", "blocks.1.hook_resid_post"];

    private static readonly Lazy<TinyHarvest> s_one = new(() => new TinyHarvest([Hook], HarvestId));
    private static readonly Lazy<TinyHarvest> s_several = new(() => new TinyHarvest(Hooks, HarvestId));

    private readonly TemporaryFolder _folder = new();

    private readonly TinyHarvest _made;

    public TinyWorkspace()
        : this(s_one.Value)
    {
        WriteDictionary(DictionaryId, Hook, _made.Width, seed: 1);
    }

    private TinyWorkspace(TinyHarvest made)
    {
        _made = made;
        Workspace = new Workspace(_folder.At("workspace"));
        foreach (string file in Directory.GetFiles(made.Folder, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(HarvestPath, Path.GetRelativePath(made.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    public Workspace Workspace { get; }

    public string ModelPath => _made.ModelPath;

    public string HarvestPath => Workspace.HarvestFolder(HarvestId).Path;

    public string IndexPath => Path.Combine(Workspace.DictionaryFolder(DictionaryId).Path, "indexes", HarvestId);

    /// <summary>A workspace whose harvest holds several hooks, without a dictionary.</summary>
    public static TinyWorkspace OfSeveralHooks()
    {
        return new TinyWorkspace(s_several.Value);
    }

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
        DictionaryLoader.Format("saelens").Save(dictionary, Workspace.DictionaryFolder(id).Path);
    }

    public void Dispose()
    {
        _folder.Dispose();
    }
}
