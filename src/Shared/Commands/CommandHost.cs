using System.CommandLine;

namespace Workbench.Commands;

/// <summary>Runs a program's verbs and turns whatever happens into one sentence and an exit code.</summary>
public static class CommandHost
{
    /// <summary>How long an interrupted verb may take to leave a resumable state.</summary>
    public static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Parses and runs one command line.</summary>
    /// <param name="root">The program; verbs were added with <see cref="Program(string, IEnumerable{ICliCommand})"/>.</param>
    /// <param name="args">Arguments as the program got them.</param>
    /// <param name="output">Results go here.</param>
    /// <param name="error">Messages go here.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static int Run(RootCommand root, string[] args, TextWriter output, TextWriter error)
    {
        ParseResult parse = root.Parse(args);
        if (parse.Errors.Count > 0)
        {
            error.WriteLine(string.Join(' ', parse.Errors.Select(e => e.Message).Distinct()));
            error.WriteLine($"See '{root.Name} {CommandPath(parse.CommandResult)}--help'.");
            return ExitCodes.Usage;
        }

        var configuration = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = StopTimeout,
        };
        try
        {
            return parse.InvokeAsync(configuration).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            error.WriteLine("Interrupted; run the same line again to resume.");
            return ExitCodes.Interrupted;
        }
        catch (Exception failure)
        {
            error.WriteLine(parse.GetValue(CommonOptions.Verbose) ? failure.ToString() : Sentence(failure));
            return failure is UsageException ? ExitCodes.Usage : ExitCodes.Failure;
        }
    }

    /// <summary>Composes a program of its verbs and the common options.</summary>
    public static RootCommand Program(string description, IEnumerable<ICliCommand> commands)
    {
        var root = new RootCommand(description) { CommonOptions.Json, CommonOptions.Verbose };
        foreach (ICliCommand command in commands)
        {
            root.Add(command.Build());
        }

        return root;
    }

    private static string Sentence(Exception failure)
    {
        return failure switch
        {
            WorkbenchException => failure.Message,
            AggregateException { InnerExceptions: [var only] } => Sentence(only),
            UnauthorizedAccessException or IOException => failure.Message,
            OutOfMemoryException => "Not enough memory; use a smaller batch or fewer latents.",
            _ => $"{failure.GetType().Name}: {failure.Message.Split('\n')[0]} (run again with --verbose for the place).",
        };
    }

    private static string CommandPath(System.CommandLine.Parsing.CommandResult result)
    {
        return result.Parent is System.CommandLine.Parsing.CommandResult parent
            ? CommandPath(parent) + result.Command.Name + " "
            : string.Empty;
    }
}
