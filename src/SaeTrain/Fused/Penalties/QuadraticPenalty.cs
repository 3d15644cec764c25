namespace Workbench.SaeTrain.Fused.Penalties;

/// <summary><c>c mean_rows (2 / t) (L0 - t)²</c>.</summary>
internal sealed class QuadraticPenalty(double target) : JumpReluPenalty
{
    public override double RowCharge(int open)
    {
        return 2 / target * (open - target) * (open - target);
    }

    public override float StepPull(int open, int rows)
    {
        return (float)(Coefficient * 4 / target * (open - target) / rows);
    }
}
