using TorchSharp;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Recipes.DictionaryLearning.Gated;
using Workbench.SaeTrain.Training.Scaling;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.Annealed;

/// <summary>The loss of dictionary_learning's gated trainer with an annealed p: <c>total = mse_loss + sparsity_loss + aux_loss</c>.</summary>
/// <remarks>lp_loss is taken over relu(pi); sparsity_loss is lp_loss times the coefficient in force.</remarks>
internal sealed class DictionaryLearningGatedAnnealObjective(
    ParameterSet parameters, PAnnealOptions options, PowerSchedule schedule, long deadSteps, DataConstants constants)
    : GatedObjective(parameters, deadSteps, constants)
{
    private readonly AnnealedPenalty _penalty = new(options, schedule, parameters.Device);

    public override IReadOnlyList<(string Name, Tensor Value)> State => [.. base.State, .. _penalty.State];

    public override IReadOnlyList<(string Name, Tensor Value)> Readings => _penalty.Readings;

    public override ForwardPass Forward(TrainingBatch batch, long step)
    {
        GatedPass pass = Reconstruct(batch);
        (Tensor norm, Tensor scaled) = _penalty.Of(pass.Gate, step);
        (string, Tensor)[] terms =
            [("mse_loss", pass.Error), ("aux_loss", pass.GateError), ("lp_loss", norm), ("sparsity_loss", scaled)];
        return Pass(new LossTerms(pass.Error + scaled + pass.GateError, terms), pass.Reconstruction, pass.Latents);
    }
}
