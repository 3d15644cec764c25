using Workbench.Dictionaries;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives;

/// <summary>An objective that does nothing but compute losses, as a base.</summary>
internal abstract class TrainingObjective(ParameterSet parameters) : ITrainingObjective
{
    public ParameterSet Parameters { get; } = parameters;

    public virtual IReadOnlyList<(string Name, Tensor Value)> State => [];

    public virtual IReadOnlyList<(string Name, Tensor Value)> Readings => [];

    public virtual void Begin(TrainingBatch batch)
    {
    }

    public abstract ForwardPass Forward(TrainingBatch batch, long step);

    public virtual void AfterBackward()
    {
    }

    public virtual void BeforeUpdate()
    {
    }

    public virtual void AfterUpdate(TrainingBatch batch, long step, IOptimizer optimizer)
    {
    }

    public abstract ILatentModel ToInference(SparseAutoencoderConfig template, Func<string, Tensor> weight);

    public virtual void Dispose()
    {
        foreach ((_, Tensor value) in State)
        {
            value.Dispose();
        }
    }
}
