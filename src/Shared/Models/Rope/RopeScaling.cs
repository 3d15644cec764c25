namespace Workbench.Models;

/// <summary>
/// How rotary frequencies are stretched beyond the context that a model was first trained on. The rules and their names are those of
/// <c>modeling_rope_utils.py</c> of transformers 5; frequencies here are computed in double precision.
/// </summary>
public abstract record RopeScaling
{
    /// <summary>Factor of cosines and sines.</summary>
    public virtual double AttentionFactor => 1;

    /// <summary>Longest text, in tokens, that is rotated by the first set of frequencies; int.MaxValue where there is one set only.</summary>
    public virtual int LongestShortText => int.MaxValue;

    /// <summary>Stretches frequencies.</summary>
    /// <param name="unscaled">Radians per position, base^(-2i / width) for each i below half the rotated width.</param>
    /// <param name="settings">What they were computed from.</param>
    /// <param name="longText">Whether the text is longer than <see cref="LongestShortText"/>.</param>
    /// <returns>As many frequencies.</returns>
    public abstract double[] Frequencies(double[] unscaled, RopeSettings settings, bool longText);
}
