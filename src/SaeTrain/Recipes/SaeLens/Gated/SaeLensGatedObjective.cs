using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Numerics;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Objectives.Inference;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.SaeLens.Gated;

/// <summary>The loss of SAELens' <c>gated</c> training architecture, release 6.54.</summary>
/// <remarks>
/// With <c>p = (x - b_dec) W_enc</c>: gate <c>π = p + b_gate</c>, latents <c>z = 1[π > 0] relu(p exp(r_mag) + b_mag)</c>, no gradient
/// through the gate's step. <c>mse_loss = mean_rows Σ_d (x_hat - x)²</c>, <c>l1_loss = c mean_rows Σ_j relu(π_j) |W_dec[j]|</c>, and
/// <c>auxiliary_reconstruction_loss</c> the squared error of <c>relu(π) W_dec + b_dec</c>, decoder not detached.
/// </remarks>
/// <param name="parameters">The weights.</param>
/// <param name="options">The recipe's options.</param>
/// <param name="inputScale">Factor of the activations in training.</param>
/// <param name="deadSteps">A latent is dead where it has not fired for more than this number of steps.</param>
internal sealed class SaeLensGatedObjective(ParameterSet parameters, SaeLensGatedOptions options, double inputScale, long deadSteps)
    : DenseObjective(parameters, deadSteps)
{
    private readonly Reading _coefficient = new();
    private readonly CoefficientWarmUp _warmUp = new(options.L1Coefficient, options.L1WarmUpSteps);

    public override IReadOnlyList<(string Name, Tensor Value)> Readings => [("coefficient_l1", _coefficient.Value)];

    public override ForwardPass Forward(TrainingBatch batch, long step)
    {
        Tensor dead = Dead();
        Tensor product = Product(batch.Input);
        Tensor gate = product + Parameters[ParameterNames.GateBias];
        Tensor magnitude = ((product * Parameters[ParameterNames.MagnitudeScale].exp()) + Parameters[ParameterNames.MagnitudeBias]).relu();
        Tensor latents = magnitude * gate.detach().gt(0.0);
        Tensor open = gate.relu();
        Tensor reconstruction = Decode(latents);
        Tensor sparsity = (open * Parameters.Decoder.norm(1)).sum(-1).mean() * _coefficient.Set(_warmUp.At(step));
        return Pass(
            [
                ("mse_loss", Error(reconstruction, batch.Target)),
                ("l1_loss", sparsity),
                ("auxiliary_reconstruction_loss", Error(Decode(open), batch.Target)),
            ],
            reconstruction,
            latents,
            dead);
    }

    public override ILatentModel ToInference(SparseAutoencoderConfig template, Func<string, Tensor> weight)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Func<string, Tensor> folded = InputScaling.Fold(weight, inputScale);
        var weights = new SparseWeights
        {
            Encoder = InferenceForm.Copy(folded(ParameterNames.Encoder).t()),
            Decoder = InferenceForm.Copy(folded(ParameterNames.Decoder)),
            DecoderBias = InferenceForm.Copy(folded(ParameterNames.DecoderBias)),
            GateBias = InferenceForm.Copy(folded(ParameterNames.GateBias)),
            MagnitudeScale = InferenceForm.Copy(folded(ParameterNames.MagnitudeScale)),
            MagnitudeBias = InferenceForm.Copy(folded(ParameterNames.MagnitudeBias)),
        };
        return new SparseAutoencoder(template with { Architecture = SparseArchitecture.Gated, K = null }, weights);
    }

    public override void Dispose()
    {
        base.Dispose();
        _coefficient.Dispose();
    }
}
