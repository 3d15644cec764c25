using System.CommandLine;
using System.Text.Json;
using Workbench.Workspaces;

namespace Workbench.Commands;

/// <summary>One invocation of a verb: its parsed options, where it writes, and how it is told to stop.</summary>
public sealed class CommandCall
{
    internal CommandCall(ParseResult parse, CancellationToken cancellation)
    {
        Parse = parse;
        Cancellation = cancellation;
        Output = parse.InvocationConfiguration.Output;
        Error = parse.InvocationConfiguration.Error;
        Json = parse.GetValue(CommonOptions.Json);
    }

    /// <summary>The parsed command line.</summary>
    public ParseResult Parse { get; }

    /// <summary>Set when the user interrupts (Ctrl-C or a termination signal).</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Where results go.</summary>
    public TextWriter Output { get; }

    /// <summary>Where everything that is not a result goes.</summary>
    public TextWriter Error { get; }

    /// <summary>Whether the caller asked for the result as JSON.</summary>
    public bool Json { get; }

    /// <summary>Value of an option that has a default or is required.</summary>
    public T Get<T>(Option<T> option)
    {
        return Parse.GetRequiredValue(option);
    }

    /// <summary>Value of an option that may be absent.</summary>
    public T? Find<T>(Option<T> option)
    {
        return Parse.GetValue(option);
    }

    /// <summary>Value of an option that is a positive number.</summary>
    /// <exception cref="UsageException">It is not positive.</exception>
    public int Positive(Option<int> option)
    {
        int value = Get(option);
        return value > 0 ? value : throw new UsageException($"{option.Name} is {value}; expected a positive number.");
    }

    /// <summary>Writes the result: as one JSON object where <c>--json</c> was given, else as <paramref name="human"/> text.</summary>
    public void Write(object result, Func<string> human)
    {
        Output.WriteLine(Json ? JsonSerializer.Serialize(result, result.GetType(), WorkbenchJson.Compact) : human());
    }
}
