using System.CommandLine;

namespace Workbench.Commands;

/// <summary>Attaches work to verbs.</summary>
public static class CommandActions
{
    /// <summary>
    /// Makes <paramref name="action"/> the work of the verb. It runs on a thread of its own, because tensors' dispose scopes
    /// belong to a thread, while the caller's thread listens for the signals that cancel it.
    /// </summary>
    /// <returns>The same command.</returns>
    public static Command Handle(this Command command, Func<CommandCall, int> action)
    {
        command.SetAction((parse, cancellation) => Task.Factory.StartNew(
            () => action(new CommandCall(parse, cancellation)),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));
        return command;
    }

    /// <summary>Adds a line of example to the description, shown by <c>--help</c>.</summary>
    /// <returns>The same command.</returns>
    public static Command WithExample(this Command command, string example)
    {
        command.Description = $"{command.Description}{Environment.NewLine}{Environment.NewLine}  Example: {example}";
        return command;
    }
}
