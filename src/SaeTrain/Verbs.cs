using Workbench.Commands;
using Workbench.SaeTrain.Commands;

namespace Workbench.SaeTrain;

/// <summary>The verbs of the program, in the order of <c>--help</c>.</summary>
internal static class Verbs
{
    public static IEnumerable<ICliCommand> All { get; } =
    [
        new TrainCommand(),
        new ResumeCommand(),
        new SweepCommand(),
        new CompareCommand(),
        new IndexCommand(),
        new EvaluateCommand(),
        new ExportCommand(),
        new ImportCommand(),
        new BenchCommand(),
    ];
}
