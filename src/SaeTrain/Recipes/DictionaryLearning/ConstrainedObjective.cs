using TorchSharp;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training.Scaling;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning;

/// <summary>
/// dictionary_learning's constrained Adam: after clipping, the decoder's gradient loses its part along each row; after the update
/// each row is divided by its norm.
/// </summary>
internal abstract class ConstrainedObjective(ParameterSet parameters, long deadSteps, DataConstants constants)
    : DictionaryLearningObjective(parameters, deadSteps, constants)
{
    public override void BeforeUpdate()
    {
        UnitDecoder.RemoveParallel(Parameters.Decoder, epsilon: 0);
    }

    public override void AfterUpdate(TrainingBatch batch, long step, IOptimizer optimizer)
    {
        UnitDecoder.Normalise(Parameters.Decoder, epsilon: 0);
    }
}
