using System.CommandLine;
using Workbench.Commands;

namespace Workbench.SaeTrain.Commands;

/// <summary><c>saetrain bench</c>: measures this machine in ratios.</summary>
internal sealed class BenchCommand : ICliCommand
{
    public Command Build()
    {
        return new Command("bench", "Measures how close the work comes to this machine's limits.") { new BenchStepCommand().Build(), new BenchIndexCommand().Build() };
    }
}
