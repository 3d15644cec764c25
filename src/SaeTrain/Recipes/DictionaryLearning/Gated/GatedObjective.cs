using TorchSharp;
using Workbench.Dictionaries;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Objectives.Inference;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.Gated;

/// <summary>What dictionary_learning's gated trainers share.</summary>
/// <remarks>
/// <c>u = (x - b_dec) W_enc^T</c>, <c>pi = u + b_gate</c>, <c>z = 1[pi &gt; 0] relu(exp(r_mag) u + b_mag)</c>.
/// <c>mse_loss</c> is the error of z's decoding, <c>aux_loss</c> that of relu(pi) decoded with weights held fixed. The gate is
/// trained by relu(pi) alone: no gradient passes 1[pi &gt; 0].
/// </remarks>
internal abstract class GatedObjective(ParameterSet parameters, long deadSteps, DataConstants constants)
    : ConstrainedObjective(parameters, deadSteps, constants)
{
    public override ILatentModel ToInference(SparseAutoencoderConfig template, Func<string, Tensor> weight)
    {
        using var scope = NewDisposeScope();
        SparseAutoencoderConfig config = template with { Architecture = SparseArchitecture.Gated, K = null };
        var weights = new SparseWeights
        {
            Encoder = weight(ParameterNames.Encoder).detach().t(),
            Decoder = weight(ParameterNames.Decoder),
            DecoderBias = weight(ParameterNames.DecoderBias),
            GateBias = weight(ParameterNames.GateBias),
            MagnitudeScale = weight(ParameterNames.MagnitudeScale),
            MagnitudeBias = weight(ParameterNames.MagnitudeBias),
        };
        return new SparseAutoencoder(config, ScaleFold.Of(weights, Constants));
    }

    /// <summary>Encodes and decodes a batch.</summary>
    protected GatedPass Reconstruct(TrainingBatch batch)
    {
        Tensor product = Product(batch.Input);
        Tensor gate = (product + Parameters[ParameterNames.GateBias]).relu();
        Tensor magnitude = (product * Parameters[ParameterNames.MagnitudeScale].exp() + Parameters[ParameterNames.MagnitudeBias]).relu();
        Tensor latents = magnitude * gate.detach().sign();
        Tensor reconstruction = Decode(latents);
        Tensor byGate = gate.mm(Parameters.Decoder.detach()) + Parameters.DecoderBias.detach();
        return new GatedPass(
            gate, latents, reconstruction, Error(reconstruction, batch.Target), Error(byGate, batch.Target));
    }
}
