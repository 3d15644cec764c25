using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Numerics;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Objectives.Inference;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.SaeLens.Standard;

/// <summary>The loss of SAELens' <c>standard</c> training architecture, release 6.54.</summary>
/// <remarks>
/// <c>mse_loss = mean_rows Σ_d (x_hat - x)²</c>, <c>l1_loss = c mean_rows (Σ_j (z_j |W_dec[j]|)^p)^(1/p)</c> with the warmed-up
/// coefficient c. For p below 1 the gradient is that of the non-zero entries.
/// </remarks>
/// <param name="parameters">The weights.</param>
/// <param name="options">The recipe's options.</param>
/// <param name="inputScale">Factor of the activations in training.</param>
/// <param name="deadSteps">A latent is dead where it has not fired for more than this number of steps.</param>
internal sealed class SaeLensStandardObjective(ParameterSet parameters, SaeLensStandardOptions options, double inputScale, long deadSteps)
    : DenseObjective(parameters, deadSteps)
{
    private readonly Reading _coefficient = new();
    private readonly CoefficientWarmUp _warmUp = new(options.L1Coefficient, options.L1WarmUpSteps);

    public override IReadOnlyList<(string Name, Tensor Value)> Readings => [("coefficient_l1", _coefficient.Value)];

    public override ForwardPass Forward(TrainingBatch batch, long step)
    {
        Tensor dead = Dead();
        Tensor latents = (Product(batch.Input) + Parameters.EncoderBias).relu();
        Tensor reconstruction = Decode(latents);
        Tensor weighted = latents * Parameters.Decoder.norm(1);
        Tensor size = options.LpNorm == 1 ? weighted.sum(-1) : linalg.vector_norm(weighted, options.LpNorm, [-1]);
        Tensor sparsity = size.mean() * _coefficient.Set(_warmUp.At(step));
        return Pass([("mse_loss", Error(reconstruction, batch.Target)), ("l1_loss", sparsity)], reconstruction, latents, dead);
    }

    public override ILatentModel ToInference(SparseAutoencoderConfig template, Func<string, Tensor> weight)
    {
        using var scope = NewDisposeScope();
        SparseAutoencoderConfig config = template with { Architecture = SparseArchitecture.Relu, K = null };
        return InferenceForm.Of(config, InputScaling.Fold(weight, inputScale));
    }

    public override void Dispose()
    {
        base.Dispose();
        _coefficient.Dispose();
    }
}
