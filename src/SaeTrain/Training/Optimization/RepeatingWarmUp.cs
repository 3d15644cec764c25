namespace Workbench.SaeTrain.Training.Optimization;

/// <summary>
/// A learning rate that rises from zero anew at the start of every period, as dictionary_learning does around resampling, with a
/// linear decay at the end of the run.
/// </summary>
/// <param name="Rate">The constant rate.</param>
/// <param name="WarmUpSteps">Step i of these first w steps of a period has rate i / w.</param>
/// <param name="Period">Steps of a period.</param>
/// <param name="DecaySteps">Step i of these last w steps of the run is multiplied by (w - i) / w.</param>
/// <param name="TotalSteps">Steps of the run.</param>
internal sealed record RepeatingWarmUp(double Rate, long WarmUpSteps, long Period, long DecaySteps, long TotalSteps) : ILearningRate
{
    public double At(long step)
    {
        long place = step % Period;
        double risen = place < WarmUpSteps ? place / (double)WarmUpSteps : 1;
        double left = DecaySteps == 0 ? 1 : Math.Min(1, (TotalSteps - step) / (double)DecaySteps);
        return Rate * risen * left;
    }
}
