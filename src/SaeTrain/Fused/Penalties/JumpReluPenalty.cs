namespace Workbench.SaeTrain.Fused.Penalties;

/// <summary>What open latents are charged; the base charges nothing.</summary>
internal abstract class JumpReluPenalty
{
    /// <summary>The coefficient of this step.</summary>
    public double Coefficient { get; set; }

    /// <summary>A row's charge by the number of open latents, without the coefficient.</summary>
    public virtual double RowCharge(int open)
    {
        return 0;
    }

    /// <summary>Gradient of the loss by a latent's step function in a row with so many open latents.</summary>
    public virtual float StepPull(int open, int rows)
    {
        return 0;
    }

    /// <summary>Gradients of the loss by a value and by its latent's norm; adds the value's charge, without the coefficient.</summary>
    public virtual (float Value, float Norm) Pulls(float value, float norm, int rows, ref double charge)
    {
        return (0, 0);
    }

    /// <summary>The gradient by the value of a closed latent.</summary>
    public virtual float ClosedPull(float norm, int rows)
    {
        return 0;
    }
}
