using TorchSharp;
using Workbench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.TopK;

/// <summary>
/// dictionary_learning's running threshold for inference: -1 until after a given step, then the first candidate as it is, then
/// <c>t = beta t + (1 - beta) candidate</c>, in float32.
/// </summary>
/// <param name="beta">Weight of what was.</param>
/// <param name="startStep">The last step that leaves the threshold unset.</param>
/// <param name="device">The device of training.</param>
internal sealed class DelayedThreshold(double beta, long startStep, Device device)
{
    /// <summary>The threshold, a float32 scalar.</summary>
    public Tensor Value { get; } = full([], -1f, device: device).DetachFromDisposeScope();

    /// <summary>The candidate of the latest batch, a float32 scalar; -1 before the first.</summary>
    public Tensor Latest { get; } = full([], -1f, device: device).DetachFromDisposeScope();

    /// <summary>What depends on earlier batches.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> State => [("threshold", Value), ("latest_threshold", Latest)];

    /// <summary>Takes the candidate of a batch in.</summary>
    /// <param name="candidate">A float32 scalar.</param>
    /// <param name="step">The step.</param>
    public void Update(Tensor candidate, long step)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Latest.copy_(candidate);
        if (step > startStep)
        {
            Tensor moved = Value.mul(beta).add_(candidate.mul(1 - beta));
            Value.copy_(where(Value.lt(0.0), candidate, moved));
        }
    }

    /// <summary>The threshold to export: the running one, or the latest batch's where that is not set yet.</summary>
    public Tensor ForInference()
    {
        return where(Value.lt(0.0), Latest, Value);
    }
}
