namespace Workbench.SaeTrain.Training.Checkpoints;

/// <summary>The steps whose dictionaries are kept to the end.</summary>
internal static class CheckpointSteps
{
    /// <summary>After 1, 2, 4, 8 ... steps: about log2(steps) dictionaries.</summary>
    public const string Log = "log";

    /// <summary>None but the last.</summary>
    public const string None = "none";

    /// <summary>Whether the dictionary after a number of steps is kept.</summary>
    public static bool Keeps(string rule, long steps)
    {
        return rule == Log && long.IsPow2(steps);
    }
}
