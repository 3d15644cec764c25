namespace Workbench.SaeTrain.Objectives;

/// <summary>A weight that rises linearly from 0 at step 0 to its value.</summary>
/// <param name="Value">The value.</param>
/// <param name="Steps">Steps of the rise; 0 for the value at once.</param>
internal readonly record struct CoefficientWarmUp(double Value, long Steps)
{
    public double At(long step)
    {
        return Steps == 0 ? Value : Value * Math.Min(step / (double)Steps, 1);
    }
}
