using TorchSharp;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training.Scaling;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.Annealed;

/// <summary>
/// The loss of dictionary_learning's p-anneal trainer (Karvonen et al. 2024): the squared error plus an Lp penalty on the latents
/// whose p falls during the run.
/// </summary>
internal sealed class DictionaryLearningPAnnealObjective(
    ParameterSet parameters, PAnnealOptions options, PowerSchedule schedule, long deadSteps, DataConstants constants)
    : ConstrainedObjective(parameters, deadSteps, constants)
{
    private readonly AnnealedPenalty _penalty = new(options, schedule, parameters.Device);

    public override IReadOnlyList<(string Name, Tensor Value)> State => [.. base.State, .. _penalty.State];

    public override IReadOnlyList<(string Name, Tensor Value)> Readings => _penalty.Readings;

    public override ForwardPass Forward(TrainingBatch batch, long step)
    {
        Tensor latents = ReluLatents(batch.Input);
        Tensor reconstruction = Decode(latents);
        (Tensor norm, Tensor scaled) = _penalty.Of(latents, step);
        Tensor total = Error(reconstruction, batch.Target) + scaled;
        return Pass(new LossTerms(total, [("lp_loss", norm), ("scaled_lp_loss", scaled)]), reconstruction, latents);
    }
}
