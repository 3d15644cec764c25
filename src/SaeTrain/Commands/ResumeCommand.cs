using System.CommandLine;
using Workbench.Commands;
using Workbench.SaeTrain.Sweeps;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Settings;
using Workbench.Workspaces;

namespace Workbench.SaeTrain.Commands;

/// <summary><c>saetrain resume</c>: goes on with a training from what its run.json says.</summary>
internal sealed class ResumeCommand : ICliCommand
{
    private readonly Option<string> _workspace = new("--workspace") { Description = "Folder of the workspace.", Required = true };
    private readonly Option<string> _id = new("--id") { Description = "Id of the dictionary, or of a sweep.", Required = true };
    private readonly Option<int?> _jobs = new("--jobs") { Description = "Most dictionaries of a sweep trained side by side." };

    public Command Build()
    {
        return new Command("resume", "Goes on with an interrupted training or sweep; the same 'train' line does so too.") { _workspace, _id, _jobs }
            .WithExample("saetrain resume --workspace W --id d1")
            .Handle(Run);
    }

    private int Run(CommandCall call)
    {
        var workspace = new Workspace(call.Get(_workspace));
        RunFolder run = workspace.DictionaryFolder(call.Get(_id));
        if (run.Manifest is not RunManifest manifest)
        {
            return workspace.ExperimentFolder(run.Id).Manifest is { Verb: "sweep" } sweep
                ? SweepCommand.Train(call, new SweepRequest(workspace.Root, run.Id, sweep.Config.GetProperty("grid"), $"The grid of {run.Id}", call.Find(_jobs)))
                : throw new WorkbenchException($"There is no training in {run.Path}; start one with 'saetrain train --id {run.Id}'.");
        }

        return TrainingCalls.Train(call, new TrainingRequest(workspace.Root, run.Id, TrainingSettings.Of(DictionaryStart.StoredConfig(run, manifest))));
    }
}
