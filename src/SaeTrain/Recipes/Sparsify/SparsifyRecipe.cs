using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Optimization;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.Sparsify;

/// <summary>
/// What the recipes of EleutherAI's sparsify 1.3.3 share: the share of unexplained variance as loss, biases from the first batch, and
/// Adam with a linear warm-up from 0 and a linear decay to 0.
/// </summary>
internal abstract class SparsifyRecipe<TOptions> : Recipe<TOptions>
    where TOptions : SparsifyOptions
{
    private const double PeerInitialShare = 10;

    public override string Architecture => "topk";

    public override string Peer => "eai-sparsify";

    public override string PeerVersion => "1.3.3";

    public override RecipeDefaults Defaults(RunSizes sizes)
    {
        long warmUp = Math.Min(1000, sizes.Steps / 20);
        return new RecipeDefaults
        {
            LearningRate = RecipeDefaults.RateFor(3e-3, sizes.Latents),
            WarmUpSteps = warmUp,
            DecaySteps = sizes.Steps - warmUp,
        };
    }

    public override ILearningRate LearningRate(TrainingConfig config)
    {
        return new WarmUpFromZero(config.LearningRate, config.WarmUpSteps, config.DecaySteps, config.Steps);
    }

    /// <summary>The peer's number of latents at the start of a decay of k: ten for each feature, and at most all.</summary>
    protected static int KInitial(RunSizes sizes)
    {
        return (int)Math.Min(sizes.Latents, Math.Round(PeerInitialShare * sizes.InputWidth, MidpointRounding.ToEven));
    }

    /// <summary>A linear layer's weights as torch draws them: uniform within one over the root of the width.</summary>
    protected static Tensor Linear(TrainingConfig config, TorchSharp.torch.Generator random)
    {
        double bound = 1 / Math.Sqrt(config.Width);
        return (rand(config.Latents, config.Width, generator: random) * (2 * bound)) - bound;
    }
}
