using Workbench.Dictionaries;
using Workbench.SaeTrain.Objectives.Inference;
using Workbench.SaeTrain.Objectives.Selection;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives;

/// <summary>What objectives share that choose latents row by row and count how long each was silent.</summary>
/// <param name="parameters">The weights.</param>
/// <param name="k">Latents kept in each row.</param>
/// <param name="rows">Picks the latents; disposed with this object.</param>
internal abstract class TopKObjective(ParameterSet parameters, int k, RowTopK rows) : TrainingObjective(parameters)
{
    /// <summary>How long each latent has been silent.</summary>
    public FiringCounters Counters { get; } = new(parameters.Latents, parameters.Device);

    public override IReadOnlyList<(string Name, Tensor Value)> State => [("since_fired", Counters.Since)];

    /// <summary>Latents kept in each row.</summary>
    protected int K => k;

    /// <summary>Picks the latents.</summary>
    protected RowTopK Rows => rows;

    public override ILatentModel ToInference(SparseAutoencoderConfig template, Func<string, Tensor> weight)
    {
        return InferenceForm.Of(template with { Architecture = SparseArchitecture.TopK, K = k }, weight);
    }

    public override void Dispose()
    {
        base.Dispose();
        rows.Dispose();
    }
}
