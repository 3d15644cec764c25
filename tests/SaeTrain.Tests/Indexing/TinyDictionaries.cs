using System.Text.Json;
using TorchSharp;
using Workbench.Dictionaries;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Tests.Indexing;

/// <summary>Small dictionaries with random weights of every arrangement of hooks; the first latent never fires.</summary>
internal static class TinyDictionaries
{
    public const int Latents = 40;
    private const int K = 4;

    private static readonly Dictionary<string, JsonElement> s_facts = new()
    {
        ["harvest"] = JsonSerializer.SerializeToElement(TinyWorkspace.HarvestId),
    };

    public static Crosscoder Crosscoder(params (string Hook, int Width)[] hooks)
    {
        SparseAutoencoderConfig config = Config(string.Join(" + ", hooks.Select(hook => hook.Hook)), hooks.Sum(hook => hook.Width));
        return new Crosscoder([.. hooks.Select(hook => new DictionarySite(hook.Hook, hook.Width))], Autoencoder(config));
    }

    public static SparseAutoencoder MultiLayer(int width, params string[] hooks)
    {
        SparseAutoencoderConfig config = Config(hooks[0], width);
        return Autoencoder(config with
        {
            Normalization = InputNormalization.LayerNorm,
            Metadata = new Dictionary<string, JsonElement>(s_facts) { ["hook_names"] = JsonSerializer.SerializeToElement(hooks) },
        });
    }

    public static SparseAutoencoder Autoencoder(string hook, int width)
    {
        return Autoencoder(Config(hook, width));
    }

    /// <summary>A skip transcoder; with <paramref name="identity"/> its skip connection alone gives its input and its latents nothing.</summary>
    public static SparseAutoencoder Transcoder(string hook, int width, string outputHook, int outputWidth, bool identity)
    {
        using var scope = NewDisposeScope();
        var random = new torch.Generator(3);
        Tensor decoder = identity ? zeros(Latents, outputWidth) : randn(Latents, outputWidth, generator: random);
        return new SparseAutoencoder(
            Config(hook, width) with { OutputHook = outputHook, OutputWidth = outputWidth, SubtractDecoderBias = false },
            new SparseWeights
            {
                Encoder = randn(width, Latents, generator: random),
                EncoderBias = Bias(),
                Decoder = decoder,
                DecoderBias = identity ? zeros(outputWidth) : randn(outputWidth, generator: random),
                Skip = identity ? eye(outputWidth, width) : randn(outputWidth, width, generator: random) * 0.1f,
            });
    }

    private static SparseAutoencoder Autoencoder(SparseAutoencoderConfig config)
    {
        using var scope = NewDisposeScope();
        var random = new torch.Generator(1);
        Tensor decoder = nn.functional.normalize(randn([Latents, config.Width], generator: random), dim: 1);
        return new SparseAutoencoder(config, decoder.t().contiguous(), Bias(), decoder, randn(config.Width, generator: random) * 0.1f);
    }

    private static Tensor Bias()
    {
        Tensor bias = zeros(Latents);
        bias[0] = -1e6;
        return bias;
    }

    private static SparseAutoencoderConfig Config(string hook, int width)
    {
        return new SparseAutoencoderConfig { Architecture = SparseArchitecture.TopK, Width = width, Latents = Latents, K = K, Hook = hook, Metadata = s_facts };
    }
}
