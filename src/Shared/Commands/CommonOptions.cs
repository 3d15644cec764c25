using System.CommandLine;

namespace Workbench.Commands;

/// <summary>Options that every verb of every program understands.</summary>
public static class CommonOptions
{
    /// <summary>Prints one JSON object with the result on standard output, and nothing else there.</summary>
    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Print one JSON object with the result on standard output, and nothing else there.",
        Recursive = true,
    };

    /// <summary>Shows the stack trace of a failure.</summary>
    public static Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Show the stack trace of a failure.",
        Recursive = true,
    };
}
