using System.CommandLine;
using System.Globalization;
using Workbench.Commands;
using Workbench.Harvest.Harvesting;
using Workbench.Workspaces;

namespace Workbench.Harvest.Commands;

/// <summary><c>harvest merge</c>: joins the partitions of a harvest.</summary>
internal sealed class MergeCommand : ICliCommand
{
    private readonly Option<string> _workspace = new("--workspace") { Description = "Workspace folder.", Required = true };
    private readonly Option<string> _id = new("--id") { Description = "Name of the harvest.", Required = true };
    private readonly Option<string[]> _from = new("--from") { Description = "Other workspaces that hold partitions of it.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
    private readonly Option<string?> _model = new("--model") { Description = "The model here, where it lies elsewhere than for the partitions." };
    private readonly Option<string?> _corpus = new("--corpus") { Description = "The corpus here, likewise." };

    public Command Build()
    {
        return new Command("merge", "Checks the partitions of a harvest and joins them to what one process would have written.")
            {
                _workspace, _id, _from, _model, _corpus,
            }
            .WithExample("harvest merge --workspace W --from W2 W3 --id h1")
            .Handle(Run);
    }

    private int Run(CommandCall call)
    {
        var workspace = new Workspace(call.Get(_workspace));
        string id = call.Get(_id);
        HarvestResult result = TerminalProgress.Show(sink =>
        {
            (HarvestRequest stored, HarvestPartition partition) = new HarvestMerge(workspace, id)
                .Gather([.. call.Get(_from).Select(root => new Workspace(root))], call.Cancellation);
            HarvestRequest request = stored with { Model = call.Find(_model) ?? stored.Model, Corpus = call.Find(_corpus) ?? stored.Corpus };
            var environment = new HarvestEnvironment((device, precision) => HarvestInputs.Open(request, workspace, device, precision), TimeProvider.System, sink);
            return new HarvestRun(workspace, id, request, partition, environment).Execute(call.Cancellation);
        });
        call.Write(result, () => string.Create(
            CultureInfo.InvariantCulture, $"Harvest {result.Harvest} is {result.State}: {result.Rows:N0} rows of {string.Join(", ", result.Hooks.Select(hook => hook.Name))}, in {result.Folder}."));
        return ExitCodes.Success;
    }
}
