namespace Workbench;

/// <summary>
/// A failure that a user can act on. The message is one sentence that names the file or field, what was expected, what was
/// found and what to do; a program prints it and exits with code 1.
/// </summary>
public class WorkbenchException : Exception
{
    /// <summary>Creates the failure with its sentence.</summary>
    public WorkbenchException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the failure with its sentence and the error behind it, which is shown with <c>--verbose</c> only.</summary>
    public WorkbenchException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
