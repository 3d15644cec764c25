using System.CommandLine;

namespace Workbench.Commands;

/// <summary>One verb of a command-line program.</summary>
public interface ICliCommand
{
    /// <summary>Builds the verb with its options; its action is attached by <see cref="CommandActions.Handle"/>.</summary>
    Command Build();
}
