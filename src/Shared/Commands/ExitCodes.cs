namespace Workbench.Commands;

/// <summary>What the programs return.</summary>
public static class ExitCodes
{
    /// <summary>The work is done.</summary>
    public const int Success = 0;

    /// <summary>The work failed; the sentence on the error stream says why.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Stopped by the user; the same line again resumes.</summary>
    public const int Interrupted = 130;
}
