namespace Workbench.SaeTrain.Training.Settings;

/// <summary>
/// Declares a property of <see cref="TrainingConfig"/> as something that a user may set: by a flag, or in a configuration file
/// under the property's JSON key.
/// </summary>
/// <param name="flag">The flag, e.g. <c>--latents</c>.</param>
/// <param name="help">What it means, as one sentence.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SettingAttribute(string flag, string help) : Attribute
{
    public string Flag => flag;

    public string Help => help;

    /// <summary>The value where nothing is said; null where it follows from recipe, data or machine.</summary>
    public object? Default { get; init; }

    /// <summary>The least value of a number.</summary>
    public double Least { get; init; } = double.NegativeInfinity;

    /// <summary>A bound that a number must exceed.</summary>
    public double Above { get; init; } = double.NegativeInfinity;

    /// <summary>The words that a text must be one of; null for any text.</summary>
    public string[]? Words { get; init; }

    /// <summary>Whether the weights do not depend on it, so that a run may go on with another value.</summary>
    public bool IsFree { get; init; }
}
