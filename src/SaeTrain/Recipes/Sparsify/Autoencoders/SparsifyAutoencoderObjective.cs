using TorchSharp;
using Workbench.Dictionaries;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Objectives.Inference;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.Sparsify.Autoencoders;

/// <summary>
/// sparsify's autoencoder: the decoder bias starts at the first batch's mean and is subtracted from the input; decoder rows are
/// brought to unit norm before each step, and the gradient loses its part along the rows as they are.
/// </summary>
internal class SparsifyAutoencoderObjective(ParameterSet parameters, SparsifyOptions options, long deadTokens, ScalarType matrixType)
    : SparsifyObjective(parameters, options, deadTokens, Picker(parameters, options, matrixType))
{
    protected override Tensor Offset => Parameters.DecoderBias;

    public override void Begin(TrainingBatch batch)
    {
        Parameters.DecoderBias.copy_(batch.Target.mean([0]));
    }

    public override ForwardPass Forward(TrainingBatch batch, long step)
    {
        NormaliseDecoder();
        return base.Forward(batch, step);
    }

    /// <summary>Brings decoder rows to unit norm where the recipe does, which every step begins with.</summary>
    public void NormaliseDecoder()
    {
        if (Options.NormalizeDecoder)
        {
            UnitDecoder.Normalise(Parameters.Decoder, UnitDecoder.MachineEpsilon);
        }
    }

    public override void AfterBackward()
    {
        if (Options.NormalizeDecoder)
        {
            UnitDecoder.RemoveParallel(Parameters.Decoder);
        }
    }

    public override ILatentModel ToInference(SparseAutoencoderConfig template, Func<string, Tensor> weight)
    {
        return InferenceForm.Of(template with { Architecture = Exported, K = K }, weight);
    }
}
