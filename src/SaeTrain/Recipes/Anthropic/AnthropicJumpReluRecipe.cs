using TorchSharp;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.Anthropic;

/// <summary>
/// The JumpReLU of Anthropic's Circuits Update of January 2025, re-derived from its text: logarithms of thresholds are trained,
/// the straight-through gradient reaches all weights, activations are scaled to mean norm sqrt(d), the penalty rises over the whole
/// run, and encoder biases start where every latent is on for the same share of rows.
/// </summary>
/// <remarks>The default weight of the penalty suits some 1,000 steps; the text's runs are far longer.</remarks>
internal sealed class AnthropicJumpReluRecipe : Recipe<AnthropicJumpReluOptions>
{
    private const int MostRows = 4096;
    private const int LatentBlock = 1024;

    public override string Name => "anthropic-jumprelu";

    public override string Architecture => "jumprelu";

    public override string Peer => "Anthropic, Circuits Update January 2025";

    public override string PeerVersion => "text, 2025-01";

    public override RecipeDefaults Defaults(RunSizes sizes)
    {
        return new RecipeDefaults
        {
            LearningRate = RecipeDefaults.RateFor(2e-3, sizes.Latents),
            WarmUpSteps = 0,
            DecaySteps = sizes.Steps / 5,
            ClipNorm = 1,
        };
    }

    public override DataConstants Measure(TrainingConfig config, TrainingBatch sample)
    {
        double scale = RowNorms.ScaleToRoot(sample.Input);
        return new DataConstants { InputScale = scale, OutputScale = scale };
    }

    protected override AnthropicJumpReluOptions DefaultOptions(RunSizes sizes)
    {
        return new AnthropicJumpReluOptions { LambdaSparsity = 0.4, InitialFiringRate = Math.Min(0.1, 10_000.0 / sizes.Latents) };
    }

    protected override IEnumerable<(string Name, Tensor Value)> Initialise(
        TrainingConfig config, AnthropicJumpReluOptions options, TrainingBatch sample, Generator random)
    {
        double bound = 1 / Math.Sqrt(config.Width);
        Tensor decoder = (rand(config.Latents, config.Width, generator: random) * (2 * bound)) - bound;
        Tensor encoder = decoder * (config.Width / (double)config.Latents);
        return
        [
            (ParameterNames.Encoder, encoder),
            (ParameterNames.EncoderBias, Biases(sample.Input, encoder, options)),
            (ParameterNames.Decoder, decoder),
            (ParameterNames.DecoderBias, zeros(config.Width)),
            (ParameterNames.LogThreshold, full(config.Latents, (float)Math.Log(options.InitialThreshold))),
        ];
    }

    protected override ITrainingObjective Objective(TrainingConfig config, AnthropicJumpReluOptions options, ParameterSet parameters, DataConstants constants)
    {
        return new AnthropicJumpReluObjective(parameters, options, constants.InputScale, config.Steps, config.DeadSteps);
    }

    /// <summary>The threshold less the pre-activation that a latent exceeds on the wanted share of a sample's rows.</summary>
    private static Tensor Biases(Tensor sample, Tensor encoder, AnthropicJumpReluOptions options)
    {
        Tensor rows = sample.narrow(0, 0, Math.Min(MostRows, sample.shape[0]));
        var quantiles = new List<Tensor>();
        for (long first = 0; first < encoder.shape[0]; first += LatentBlock)
        {
            using var scope = NewDisposeScope();
            Tensor block = encoder.narrow(0, first, Math.Min(LatentBlock, encoder.shape[0] - first));
            long rank = Math.Clamp((long)Math.Round((1 - options.InitialFiringRate) * rows.shape[0]), 1, rows.shape[0]);
            quantiles.Add(rows.mm(block.t()).kthvalue(rank, 0).values.MoveToOuterDisposeScope());
        }

        return options.InitialThreshold - cat(quantiles);
    }
}
