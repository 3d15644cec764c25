using TorchSharp;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Optimization;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning;

/// <summary>What the recipes of saprmarks/dictionary_learning 0.1.0 share.</summary>
internal abstract class DictionaryLearningRecipe<TOptions> : Recipe<TOptions>
    where TOptions : class, IDictionaryLearningOptions
{
    private const double SmallNorm = 0.1;

    public override string Peer => "dictionary-learning";

    public override string PeerVersion => "0.1.0";

    public override RecipeDefaults Defaults(RunSizes sizes)
    {
        return new RecipeDefaults
        {
            LearningRate = RecipeDefaults.RateFor(1e-3, sizes.Latents),
            WarmUpSteps = WarmUp(1000, sizes.Steps, 20),
            DecaySteps = sizes.Steps / 3,
        };
    }

    public override ILearningRate LearningRate(TrainingConfig config)
    {
        return new WarmUpFromZero(config.LearningRate, config.WarmUpSteps, config.DecaySteps, config.Steps);
    }

    public override DataConstants Measure(TrainingConfig config, TrainingBatch sample)
    {
        if (!Read(config).NormalizeActivations)
        {
            return new DataConstants();
        }

        using var scope = NewDisposeScope();
        double square = sample.Input.square().sum(-1).mean([], false, ScalarType.Float64).item<double>();
        return square > 0 && double.IsFinite(square)
            ? new DataConstants(InputScale: 1 / Math.Sqrt(square), OutputScale: 1 / Math.Sqrt(square))
            : throw new WorkbenchException($"The activations' mean squared norm is {square}, so they cannot be normalised; check the harvest's hook, or give --set normalize_activations=false.");
    }

    /// <summary>Steps of warm-up in a run of any length: the peer's number where the run is long, a share of it where it is short.</summary>
    protected static long WarmUp(long peer, long steps, long share)
    {
        return Math.Min(peer, steps / share);
    }

    /// <summary>Random unit vectors in the peer's order of operations: a drawn matrix, each latent's vector divided by its norm.</summary>
    protected static Tensor UnitRows(Tensor drawn)
    {
        return drawn / drawn.norm(1, true);
    }

    /// <summary>Tied weights in random directions with rows of norm 0.1, as the peer's trainers with a penalty start.</summary>
    protected static IEnumerable<(string Name, Tensor Value)> SmallTied(TrainingConfig config, Generator random)
    {
        return Tied(UnitRows(randn(config.Latents, config.Width, generator: random)) * SmallNorm);
    }

    /// <summary>An encoder that is the decoder's transpose, and biases of zero.</summary>
    protected static IEnumerable<(string Name, Tensor Value)> Tied(Tensor decoder)
    {
        return
        [
            (ParameterNames.Encoder, decoder),
            (ParameterNames.EncoderBias, zeros(decoder.shape[0])),
            (ParameterNames.Decoder, decoder),
            (ParameterNames.DecoderBias, zeros(decoder.shape[1])),
        ];
    }
}
