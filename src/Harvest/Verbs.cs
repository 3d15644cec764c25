using Workbench.Commands;
using Workbench.Harvest.Commands;

namespace Workbench.Harvest;

/// <summary>The verbs of the program, in the order of <c>--help</c>.</summary>
internal static class Verbs
{
    public static IEnumerable<ICliCommand> All { get; } =
    [
        new PullCommand(),
        new RunCommand(),
        new EmbedCommand(),
        new MergeCommand(),
        new ImportCommand(),
        new InspectCommand(),
        new GenerateCommand(),
        new PretrainCommand(),
        new BenchCommand(),
    ];
}
