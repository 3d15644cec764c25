namespace Workbench.SaeTrain.Fused.Penalties;

/// <summary><c>c mean_rows L0</c>.</summary>
internal sealed class StepPenalty : JumpReluPenalty
{
    public override double RowCharge(int open)
    {
        return open;
    }

    public override float StepPull(int open, int rows)
    {
        return (float)(Coefficient / rows);
    }
}
