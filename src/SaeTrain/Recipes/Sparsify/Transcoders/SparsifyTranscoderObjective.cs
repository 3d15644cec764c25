using TorchSharp;
using Workbench.Dictionaries;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Objectives.Inference;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.Sparsify.Transcoders;

/// <summary>
/// sparsify's transcoder: nothing is subtracted from the input; the encoder's bias starts at what centres the first batch's
/// pre-activations, the decoder's at the mean target; with a skip connection <c>x W_skip^T</c> is added to the reconstruction.
/// </summary>
internal sealed class SparsifyTranscoderObjective(
    ParameterSet parameters, SparsifyTranscoderOptions options, long deadTokens, ScalarType matrixType)
    : SparsifyObjective(parameters, options, deadTokens, Picker(parameters, options, matrixType))
{
    private readonly Tensor _offset = zeros(parameters.InputWidth, device: parameters.Device).DetachFromDisposeScope();

    protected override Tensor Offset => _offset;

    public override void Begin(TrainingBatch batch)
    {
        Tensor mean = batch.Input.mean([0]);
        Parameters.EncoderBias.copy_(Parameters.Encoder.mv(mean).neg_());
        Parameters.DecoderBias.copy_(batch.Target.mean([0]));
    }

    public override ILatentModel ToInference(SparseAutoencoderConfig template, Func<string, Tensor> weight)
    {
        using var scope = NewDisposeScope();
        SparseAutoencoderConfig config = template with
        {
            Architecture = Exported,
            K = K,
            SubtractDecoderBias = false,
            OutputWidth = Parameters.OutputWidth,
        };
        SparseWeights weights = ScaleFold.Views(weight);
        return new SparseAutoencoder(config, ScaleFold.Of(
            Parameters.Has(ParameterNames.Skip) ? weights with { Skip = weight(ParameterNames.Skip) } : weights, new DataConstants()));
    }

    public override void Dispose()
    {
        base.Dispose();
        _offset.Dispose();
    }

    protected override Tensor Bypass(Tensor input, Tensor reconstruction)
    {
        return Parameters.Has(ParameterNames.Skip) ? reconstruction + input.mm(Parameters[ParameterNames.Skip].t()) : reconstruction;
    }
}
