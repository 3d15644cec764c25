namespace Workbench;

/// <summary>A command line or specification that cannot be meant as written; a program prints it and exits with code 2.</summary>
public sealed class UsageException : WorkbenchException
{
    /// <summary>Creates the failure with its sentence.</summary>
    public UsageException(string message)
        : base(message)
    {
    }
}
