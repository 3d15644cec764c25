namespace Workbench.Models;

/// <summary>Rules for stretching rotary frequencies.</summary>
public enum RopeScalingKind
{
    /// <summary>Every frequency divided by the factor.</summary>
    Linear,

    /// <summary>Llama 3: short wavelengths unchanged, long ones divided, a linear blend between.</summary>
    Llama3,
}
