using TorchSharp;
using Workbench.Numerics;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes;

/// <summary>
/// SAELens 6.54.12's <c>topk</c>: top-k in units of the decoder norm, AuxK on half the width, gradients clipped at norm 1,
/// decoder rows of norm 0.1 at the start, encoder its transpose, biases zero, decoder never renormalised.
/// </summary>
internal sealed class SaeLensTopKRecipe : IRecipe
{
    private const double DecoderInitNorm = 0.1;

    public string Name => "saelens-topk";

    public string Architecture => "topk";

    public string Peer => "sae-lens";

    public string PeerVersion => "6.54.12";

    public RecipeDefaults Defaults(int width, int latents, long steps)
    {
        return new RecipeDefaults
        {
            LearningRate = RecipeDefaults.RateFor(2.5e-3, latents),
            WarmUpSteps = Math.Min(20, steps / 20),
            DecaySteps = steps / 3,
            Epsilon = 1e-8,
            ClipNorm = 1,
            AuxK = Math.Max(1, width / 2),
            AuxCoefficient = 1,
            RescaleByDecoderNorm = true,
        };
    }

    public double ErrorScale(Tensor sample)
    {
        return 1;
    }

    public DictionaryParameters Initialise(TrainingConfig config, Tensor sample, Device device)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var random = new Generator((ulong)config.Seed);

        // Kaiming uniform fixes the bound, and scaling rows to a norm makes it irrelevant: directions are what is drawn.
        Tensor decoder = rand(config.Latents, config.Width, generator: random) - 0.5;
        decoder = decoder / decoder.norm(1, true) * DecoderInitNorm;
        return new DictionaryParameters(decoder, zeros(config.Latents), decoder, zeros(config.Width), device);
    }

    public TopKObjective Objective(TrainingConfig config, DictionaryParameters parameters, double errorScale)
    {
        return new SaeLensTopKObjective(parameters, new TopKOptions
        {
            K = config.K,
            AuxK = config.AuxK,
            AuxCoefficient = config.AuxCoefficient,
            DeadWindow = config.DeadWindow,
            RescaleByDecoderNorm = config.RescaleByDecoderNorm,
            MatrixType = MatrixPrecisions.Resolve(MatrixPrecisions.Parse(config.Precision), parameters.Device),
        });
    }
}
