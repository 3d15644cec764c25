using System.CommandLine;
using Workbench.Commands;
using Workbench.SaeTrain.Comparison;
using Workbench.Workspaces;

namespace Workbench.SaeTrain.Commands;

/// <summary><c>saetrain compare</c>: the dictionaries of a workspace in one table.</summary>
internal sealed class CompareCommand : ICliCommand
{
    private readonly Option<string> _workspace = new("--workspace") { Description = "Folder of the workspace.", Required = true };

    public Command Build()
    {
        return new Command("compare", "Sets the dictionaries of a workspace side by side and marks the Pareto fronts of L0 against FVU and CE recovered.") { _workspace }
            .WithExample("saetrain compare --workspace W")
            .Handle(Run);
    }

    private int Run(CommandCall call)
    {
        var workspace = new Workspace(call.Get(_workspace));
        IReadOnlyList<ComparedDictionary> rows = WorkspaceComparison.Of(workspace);
        if (rows.Count == 0)
        {
            throw new WorkbenchException($"There is no dictionary below {workspace.DictionariesFolder}; train one with 'saetrain train'.");
        }

        call.Write(rows, () => ComparisonTable.Of(rows));
        return ExitCodes.Success;
    }
}
