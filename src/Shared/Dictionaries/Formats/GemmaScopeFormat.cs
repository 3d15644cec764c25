using System.Text.RegularExpressions;
using Workbench.Models.Weights.Npz;
using Workbench.Workspaces;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries.Formats;

/// <summary>
/// Gemma Scope's <c>params.npz</c>: JumpReLU without subtraction of the decoder bias. Dictionaries of embeddings, known by their
/// folder's name, were trained on embeddings times sqrt(d): W_enc is divided by it and W_dec multiplied on loading.
/// </summary>
internal sealed partial class GemmaScopeFormat : SparseFormat
{
    private const string WeightsFile = "params.npz";
    private const string EmbeddingFolder = "embedding";

    /// <inheritdoc/>
    public override string Name => "gemma_scope";

    /// <inheritdoc/>
    public override string Files => $"a folder with {WeightsFile}";

    /// <inheritdoc/>
    public override bool CanRead(string path)
    {
        return File.Exists(Path.Combine(path, WeightsFile)) || (Path.GetFileName(path) == WeightsFile && File.Exists(path));
    }

    protected override SparseAutoencoder Read(string path, Device device)
    {
        string file = Directory.Exists(path) ? Path.Combine(path, WeightsFile) : path;
        using NpzFile npz = NpzFile.Open(file);
        var tensors = new StrictTensors(npz, "a dictionary of Gemma Scope", device);
        bool lower = !tensors.Contains("W_enc") && tensors.Contains("w_enc");
        string encoder = lower ? "w_enc" : "W_enc";
        long[] sizes = tensors.Shape(encoder, 2);
        (int width, int latents) = (checked((int)sizes[0]), checked((int)sizes[1]));
        var config = new SparseAutoencoderConfig
        {
            Architecture = SparseArchitecture.JumpRelu,
            Width = width,
            Latents = latents,
            SubtractDecoderBias = false,
            Hook = HookOf(file),
        };
        config.Validate(file);
        double scale = IsEmbedding(file) ? Math.Sqrt(width) : 1;
        var weights = new SparseWeights
        {
            Encoder = tensors.Take(encoder, width, latents) / scale,
            EncoderBias = tensors.Take("b_enc", latents),
            Decoder = tensors.Take(lower ? "w_dec" : "W_dec", latents, width) * scale,
            DecoderBias = tensors.Take("b_dec", width),
            Threshold = tensors.Take("threshold", latents),
        };
        tensors.RefuseRest();
        return new SparseAutoencoder(config, weights);
    }

    protected override string? Obstacle(SparseAutoencoder dictionary)
    {
        return ArchitectureObstacle(dictionary, SparseArchitecture.JumpRelu, SparseArchitecture.Relu)
            ?? CommonObstacle(dictionary)
            ?? TranscoderObstacle(dictionary);
    }

    protected override void Write(SparseAutoencoder dictionary, string folder)
    {
        using SparseAutoencoder model = dictionary.WithDecoderBiasSubtracted(false);
        SparseWeights weights = model.Weights;
        string file = Path.Combine(folder, WeightsFile);
        double scale = IsEmbedding(file) ? Math.Sqrt(model.Config.Width) : 1;
        (string, Tensor)[] arrays =
        [
            ("W_enc", weights.Encoder * scale), ("b_enc", weights.EncoderBias!), ("W_dec", weights.Decoder / scale), ("b_dec", weights.DecoderBias),
            ("threshold", weights.Threshold ?? zeros(model.Latents)),
        ];
        AtomicFile.Write(file, stream => NpzWriter.Write(stream, arrays));
    }

    private static IEnumerable<string> Folders(string file)
    {
        return Path.GetFullPath(file).Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar).SkipLast(1).Reverse();
    }

    private static bool IsEmbedding(string file)
    {
        return Folders(file).Take(3).Contains(EmbeddingFolder);
    }

    /// <summary>The folders name the layer; the kind of site stands in the name of the repository, where its folder still has it.</summary>
    private static string HookOf(string file)
    {
        if (IsEmbedding(file))
        {
            return "hook_embed";
        }

        string[] folders = [.. Folders(file).Take(4)];
        Match layer = folders.Select(folder => Layer().Match(folder)).FirstOrDefault(match => match.Success) ?? Match.Empty;
        Match site = folders.Select(folder => Site().Match(folder)).FirstOrDefault(match => match.Success) ?? Match.Empty;
        return !layer.Success || !site.Success ? string.Empty : $"blocks.{layer.Groups[1].Value}." + site.Groups[1].Value switch
        {
            "res" => "hook_resid_post",
            "mlp" => "hook_mlp_out",
            _ => "attn.hook_z",
        };
    }

    [GeneratedRegex("^layer_([0-9]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Layer();

    [GeneratedRegex("^gemma-scope-.*-(res|mlp|att)(?:-|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Site();
}
