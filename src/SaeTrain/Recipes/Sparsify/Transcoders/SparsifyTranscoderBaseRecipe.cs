using TorchSharp;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.Sparsify.Transcoders;

/// <summary>What sparsify's transcoder recipes share: decoder and bypass start at zero, encoder and target are two hooks.</summary>
internal abstract class SparsifyTranscoderBaseRecipe : SparsifyRecipe<SparsifyTranscoderOptions>
{
    public override HookArrangement Arrangement => HookArrangement.Pair;

    public override string Architecture => "transcoder";

    protected override SparsifyTranscoderOptions DefaultOptions(RunSizes sizes)
    {
        return new SparsifyTranscoderOptions
        {
            Activation = SparsifyActivation.TopK,
            K = Math.Min(32, sizes.Latents),
            KInitial = KInitial(sizes),
        };
    }

    protected override IEnumerable<(string Name, Tensor Value)> Initialise(
        TrainingConfig config, SparsifyTranscoderOptions options, TrainingBatch sample, Generator random)
    {
        yield return (ParameterNames.Encoder, Linear(config, random));
        yield return (ParameterNames.EncoderBias, zeros(config.Latents));
        yield return (ParameterNames.Decoder, zeros(config.Latents, config.OutputWidth));
        yield return (ParameterNames.DecoderBias, zeros(config.OutputWidth));
        if (options.SkipConnection)
        {
            yield return (ParameterNames.Skip, zeros(config.OutputWidth, config.Width));
        }
    }

    protected override ITrainingObjective Objective(
        TrainingConfig config, SparsifyTranscoderOptions options, ParameterSet parameters, DataConstants constants)
    {
        return new SparsifyTranscoderObjective(parameters, options, config.DeadTokens, config.MatrixType(parameters.Device));
    }
}
