namespace Workbench.SaeTrain.Training.Optimization;

/// <summary>The learning rate of every step.</summary>
internal interface ILearningRate
{
    /// <summary>The rate of a step, counted from 0.</summary>
    double At(long step);
}
