using System.CommandLine;
using Workbench.Commands;

namespace Workbench.Harvest.Commands;

/// <summary><c>harvest bench</c>: measures this machine in ratios.</summary>
internal sealed class BenchCommand : ICliCommand
{
    public Command Build()
    {
        return new Command("bench", "Measures how close the work comes to this machine's limits.")
        {
            new BenchForwardCommand().Build(),
            new BenchGenerateCommand().Build(),
            new BenchReadCommand().Build(),
            new BenchWriteCommand().Build(),
        };
    }
}
