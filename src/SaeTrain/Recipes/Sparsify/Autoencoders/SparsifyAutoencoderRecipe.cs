using TorchSharp;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.Sparsify.Autoencoders;

/// <summary>What sparsify's autoencoder recipes share: a decoder that starts as the encoder with rows of unit norm.</summary>
internal abstract class SparsifyAutoencoderRecipe : SparsifyRecipe<SparsifyOptions>
{
    protected override SparsifyOptions DefaultOptions(RunSizes sizes)
    {
        return new SparsifyOptions
        {
            Activation = SparsifyActivation.TopK,
            K = Math.Min(32, sizes.Latents),
            KInitial = KInitial(sizes),
        };
    }

    protected override IEnumerable<(string Name, Tensor Value)> Initialise(
        TrainingConfig config, SparsifyOptions options, TrainingBatch sample, Generator random)
    {
        Tensor encoder = Linear(config, random);
        return
        [
            (ParameterNames.Encoder, encoder),
            (ParameterNames.EncoderBias, zeros(config.Latents)),
            (ParameterNames.Decoder, options.NormalizeDecoder ? encoder / encoder.norm(1, true) : encoder),
            (ParameterNames.DecoderBias, zeros(config.Width)),
        ];
    }

    protected override ITrainingObjective Objective(
        TrainingConfig config, SparsifyOptions options, ParameterSet parameters, DataConstants constants)
    {
        ScalarType matrixType = config.MatrixType(parameters.Device);
        return options is { Activation: SparsifyActivation.TopK, MultiTopk: false }
            ? new SparsifyTopKObjective(parameters, options, config.DeadTokens, matrixType)
            : new SparsifyAutoencoderObjective(parameters, options, config.DeadTokens, matrixType);
    }
}
