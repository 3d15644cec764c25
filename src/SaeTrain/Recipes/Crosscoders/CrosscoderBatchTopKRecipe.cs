using TorchSharp;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Recipes.SaeLens;
using Workbench.SaeTrain.Recipes.SaeLens.TopK;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.Crosscoders;

/// <summary>
/// A crosscoder over several hooks with batch top-k (Minder et al. 2025): the losses, start and options of <c>saelens-batchtopk</c> over
/// the hooks' activations side by side. Each hook's activations are scaled by <c>sqrt(d_hook) / mean norm</c> of a sample, so that no
/// hook dominates the error; the factors are folded into the saved weights.
/// </summary>
internal sealed class CrosscoderBatchTopKRecipe : SaeLensRecipe<SaeLensBatchTopKOptions>
{
    public override string Name => "crosscoder-batchtopk";

    public override string Architecture => "crosscoder";

    public override string Peer => "Minder et al. 2025, BatchTopK crosscoders";

    public override string PeerVersion => "text, 2025";

    public override HookArrangement Arrangement => HookArrangement.Concatenated;

    public override DataConstants Measure(TrainingConfig config, TrainingBatch sample)
    {
        using var scope = NewDisposeScope();
        long[] widths = [.. config.HookWidths.Select(width => (long)width)];
        Tensor[] parts = sample.Input.split(widths, 1);
        bool scaled = Read(config).NormalizeActivations == SaeLensOptions.ExpectedAverage;
        return new DataConstants
        {
            HookScales = [.. config.HookWidths.Zip(parts, (width, part) => new HookScale(width, scaled ? RowNorms.ScaleToRoot(part) : 1))],
        };
    }

    protected override SaeLensBatchTopKOptions DefaultOptions(RunSizes sizes)
    {
        return new SaeLensBatchTopKOptions { K = Math.Min(32, sizes.Latents), NormalizeActivations = SaeLensOptions.ExpectedAverage };
    }

    protected override ITrainingObjective Objective(TrainingConfig config, SaeLensBatchTopKOptions options, ParameterSet parameters, DataConstants constants)
    {
        return new CrosscoderObjective(parameters, options, config.Hooks, constants.HookScales, config.DeadSteps, config.MatrixType(parameters.Device));
    }
}
