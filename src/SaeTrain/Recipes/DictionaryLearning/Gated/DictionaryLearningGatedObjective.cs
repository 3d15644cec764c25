using TorchSharp;
using Workbench.Numerics;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training.Scaling;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.Gated;

/// <summary>The loss of dictionary_learning's gated trainer (Rajamanoharan et al. 2024).</summary>
/// <remarks>
/// <c>sparsity_loss = mean_rows Σ_j relu(pi_j)</c>,
/// <c>total = mse_loss + l1_penalty min(step / sparsity_warmup_steps, 1) sparsity_loss + aux_loss</c>.
/// </remarks>
internal sealed class DictionaryLearningGatedObjective(
    ParameterSet parameters, DictionaryLearningGatedOptions options, long deadSteps, DataConstants constants)
    : GatedObjective(parameters, deadSteps, constants)
{
    public override ForwardPass Forward(TrainingBatch batch, long step)
    {
        GatedPass pass = Reconstruct(batch);
        Tensor sparsity = pass.Gate.sum(-1).mean();
        double weight = new CoefficientWarmUp(options.L1Penalty, options.SparsityWarmupSteps).At(step);
        Tensor total = pass.Error + sparsity.mul(weight) + pass.GateError;
        (string, Tensor)[] terms = [("mse_loss", pass.Error), ("sparsity_loss", sparsity), ("aux_loss", pass.GateError)];
        return Pass(new LossTerms(total, terms), pass.Reconstruction, pass.Latents);
    }
}
