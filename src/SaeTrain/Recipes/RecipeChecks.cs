using System.Numerics;

namespace Workbench.SaeTrain.Recipes;

/// <summary>Checks of option values, with sentences that name the option.</summary>
internal static class RecipeChecks
{
    /// <summary>Refuses a value outside of a closed range.</summary>
    /// <exception cref="UsageException">It is outside.</exception>
    public static void Within<T>(string option, T value, T least, T most)
        where T : INumber<T>
    {
        if (!(value >= least && value <= most))
        {
            throw new UsageException($"--{option.Replace('_', '-')} is {value}, where {least} to {most} was expected.");
        }
    }

    /// <summary>Refuses a value that is negative or not finite.</summary>
    /// <exception cref="UsageException">It is.</exception>
    public static void NotNegative(string option, double value)
    {
        if (!(value >= 0 && double.IsFinite(value)))
        {
            throw new UsageException($"Option {option} is {value}, where a number of at least 0 was expected.");
        }
    }

    /// <summary>Refuses a value that is not a finite number above 0.</summary>
    /// <exception cref="UsageException">It is not.</exception>
    public static void Positive(string option, double value)
    {
        if (!(value > 0 && double.IsFinite(value)))
        {
            throw new UsageException($"Option {option} is {value}, where a number above 0 was expected.");
        }
    }
}
