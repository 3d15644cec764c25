namespace Workbench.Models;

/// <summary>The function between the two layers of an MLP.</summary>
public enum Activation
{
    /// <summary>x / (1 + exp(-x)).</summary>
    Silu,

    /// <summary>GELU by its tanh form: 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))).</summary>
    TanhGelu,

    /// <summary>GELU by the error function: 0.5 x (1 + erf(x / sqrt(2))).</summary>
    ErfGelu,
}
