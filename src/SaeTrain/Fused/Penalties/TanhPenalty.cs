namespace Workbench.SaeTrain.Fused.Penalties;

/// <summary><c>c mean_rows Σ_j tanh(s z_j n_j)</c>, n the norm of the latent's decoder row.</summary>
internal sealed class TanhPenalty(double scale) : JumpReluPenalty
{
    private readonly float _scale = (float)scale;

    public override (float Value, float Norm) Pulls(float value, float norm, int rows, ref double charge)
    {
        if (value == 0)
        {
            return (ClosedPull(norm, rows), 0);
        }

        float tanh = MathF.Tanh(_scale * value * norm);
        charge += tanh;
        float slope = (float)(Coefficient / rows) * _scale * (1 - (tanh * tanh));
        return (slope * norm, slope * value);
    }

    public override float ClosedPull(float norm, int rows)
    {
        return (float)(Coefficient / rows) * _scale * norm;
    }
}
