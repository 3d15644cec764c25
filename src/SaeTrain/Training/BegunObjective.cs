using Workbench.Dictionaries;
using Workbench.SaeTrain.Objectives;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Training;

/// <summary>An objective whose weights come from elsewhere, so that the first batch must not set any.</summary>
internal sealed class BegunObjective(ITrainingObjective objective) : ITrainingObjective
{
    public ParameterSet Parameters => objective.Parameters;

    public IReadOnlyList<(string Name, Tensor Value)> State => objective.State;

    public IReadOnlyList<(string Name, Tensor Value)> Readings => objective.Readings;

    public void Begin(TrainingBatch batch)
    {
    }

    public ForwardPass Forward(TrainingBatch batch, long step)
    {
        return objective.Forward(batch, step);
    }

    public void AfterBackward()
    {
        objective.AfterBackward();
    }

    public void BeforeUpdate()
    {
        objective.BeforeUpdate();
    }

    public void AfterUpdate(TrainingBatch batch, long step, IOptimizer optimizer)
    {
        objective.AfterUpdate(batch, step, optimizer);
    }

    public ILatentModel ToInference(SparseAutoencoderConfig template, Func<string, Tensor> weight)
    {
        return objective.ToInference(template, weight);
    }

    public void Dispose()
    {
        objective.Dispose();
    }
}
