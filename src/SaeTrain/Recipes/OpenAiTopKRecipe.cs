using TorchSharp;
using Workbench.Numerics;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes;

/// <summary>
/// openai/sparse_autoencoder at 4965b94, in float32: top-k with AuxK, unit-norm decoder with projected gradient, decoder bias
/// at the geometric median of a sample, encoder scaled so that reconstructions of random unit vectors have mean norm 1.
/// </summary>
internal sealed class OpenAiTopKRecipe : IRecipe
{
    private const int ProbeRows = 256;

    public string Name => "openai-topk";

    public string Architecture => "topk";

    public string Peer => "openai/sparse_autoencoder";

    public string PeerVersion => "4965b94";

    public RecipeDefaults Defaults(int width, int latents, long steps)
    {
        return new RecipeDefaults
        {
            LearningRate = RecipeDefaults.RateFor(4e-3, latents),
            WarmUpSteps = Math.Min(20, steps / 20),
            DecaySteps = steps / 3,
            Epsilon = 6.25e-10,
            AuxK = Math.Min(256, width / 2),
            AuxCoefficient = 1 / 32.0,
        };
    }

    public double ErrorScale(Tensor sample)
    {
        using var scope = NewDisposeScope();
        Tensor centred = sample - sample.mean([0]);
        double variance = centred.pow(2).mean([], false, ScalarType.Float64).item<double>();
        return variance > 0
            ? 1 / variance
            : throw new WorkbenchException("The activations are all the same, so there is nothing to train on; check the harvest's hook.");
    }

    public DictionaryParameters Initialise(TrainingConfig config, Tensor sample, Device device)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var random = new Generator((ulong)config.Seed);
        double bound = 1 / Math.Sqrt(config.Width);
        Tensor encoder = (rand(config.Latents, config.Width, generator: random) * (2 * bound)) - bound;
        Tensor decoder = encoder / encoder.norm(1, true);
        Tensor probes = randn(ProbeRows, config.Width, generator: random);
        probes.div_(probes.norm(1, true));
        (Tensor values, Tensor indices) = probes.mm(encoder.t()).topk(config.K, -1);
        Tensor reconstructions = RowProducts.Combine(decoder, indices.contiguous(), values.relu().contiguous());
        encoder.div_(reconstructions.norm(1).mean());
        Tensor center = GeometricMedian.Of(sample);
        return new DictionaryParameters(encoder, zeros(config.Latents), decoder, center, device);
    }

    public TopKObjective Objective(TrainingConfig config, DictionaryParameters parameters, double errorScale)
    {
        return new OpenAiTopKObjective(parameters, new TopKOptions
        {
            K = config.K,
            AuxK = config.AuxK,
            AuxCoefficient = config.AuxCoefficient,
            DeadWindow = config.DeadWindow,
            ErrorScale = errorScale,
            MatrixType = MatrixPrecisions.Resolve(MatrixPrecisions.Parse(config.Precision), parameters.Device),
        });
    }
}
