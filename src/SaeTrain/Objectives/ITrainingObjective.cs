using Workbench.Dictionaries;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives;

/// <summary>
/// What a recipe minimises, and what it does to weights and gradients around the update. Calls come in the order of the members,
/// <see cref="Begin"/> before the first step only.
/// </summary>
internal interface ITrainingObjective : IDisposable
{
    /// <summary>The weights.</summary>
    ParameterSet Parameters { get; }

    /// <summary>What later steps depend on besides weights and moments: counters, running thresholds. Changed in place.</summary>
    IReadOnlyList<(string Name, Tensor Value)> State { get; }

    /// <summary>Scalars of the step just done, by the peer's names: coefficients, thresholds, k.</summary>
    IReadOnlyList<(string Name, Tensor Value)> Readings { get; }

    /// <summary>Sets weights that the recipe takes from the first batch.</summary>
    void Begin(TrainingBatch batch);

    /// <summary>Computes the losses as a graph over the parameters, and counts which latents fired.</summary>
    ForwardPass Forward(TrainingBatch batch, long step);

    /// <summary>Acts on weights and gradients before the gradient's norm is taken and clipped.</summary>
    void AfterBackward();

    /// <summary>Acts on weights and gradients between clipping and the update.</summary>
    void BeforeUpdate();

    /// <summary>Acts on weights, moments and schedules after the update.</summary>
    void AfterUpdate(TrainingBatch batch, long step, IOptimizer optimizer);

    /// <summary>The weights in the form that is saved for inference, on the CPU.</summary>
    /// <param name="template">Hook points and facts to carry along.</param>
    /// <param name="weight">A weight by its name as the optimiser wants it used: as it is, or averaged.</param>
    ILatentModel ToInference(SparseAutoencoderConfig template, Func<string, Tensor> weight);
}
