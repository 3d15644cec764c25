namespace Workbench.SaeTrain.Training.Optimization;

/// <summary>A constant learning rate with a linear warm-up at the start and a linear decay to zero at the end, as SAELens counts them.</summary>
/// <param name="Rate">The constant rate.</param>
/// <param name="WarmUpSteps">Step i of these w steps has rate (i + 1) / w.</param>
/// <param name="DecaySteps">Step i of these last w steps has rate 1 - i / w.</param>
/// <param name="TotalSteps">Steps of the run.</param>
internal sealed record WarmUpAndDecay(double Rate, long WarmUpSteps, long DecaySteps, long TotalSteps) : ILearningRate
{
    public double At(long step)
    {
        if (step < WarmUpSteps)
        {
            return Rate * (step + 1) / WarmUpSteps;
        }

        long decayed = step - (TotalSteps - DecaySteps);
        return decayed < 0 || DecaySteps == 0 ? Rate : Rate * (1 - (decayed / (double)DecaySteps));
    }
}
