using System.CommandLine;
using System.Text.Json;
using Workbench.Commands;
using Workbench.SaeTrain.Training;
using Workbench.Workspaces;

namespace Workbench.SaeTrain.Commands;

/// <summary><c>saetrain train</c>: fits a dictionary on a harvest.</summary>
internal sealed class TrainCommand : ICliCommand
{
    private const string Unnamed = "unnamed";

    private readonly Option<string> _workspace = new("--workspace") { Description = "Folder of the workspace.", Required = true };
    private readonly Option<string?> _id = new("--id") { Description = "Id of the dictionary; the same line again resumes it." };
    private readonly Option<bool> _print = new("--print-config") { Description = "Print the whole resolved configuration, and do nothing." };
    private readonly SettingOptions _settings = new();

    public Command Build()
    {
        var command = new Command("train", "Trains a dictionary on a harvest's activations.") { _workspace, _id, _print };
        foreach (Option option in _settings.All)
        {
            command.Add(option);
        }

        return command
            .WithExample("saetrain train --workspace W --harvest h1 --recipe openai-topk --latents 4096 --k 32 --seed 0 --id d1")
            .Handle(Run);
    }

    private int Run(CommandCall call)
    {
        bool print = call.Find(_print);
        string id = call.Find(_id) ?? (print ? Unnamed : throw new UsageException("Give --id, what the dictionary is to be called."));
        var request = new TrainingRequest(call.Get(_workspace), id, _settings.Read(call));
        if (print)
        {
            TrainingConfig config = new DictionaryRun(request, call.Error, null, TimeProvider.System).Resolve();
            call.Output.WriteLine(JsonSerializer.Serialize(config, WorkbenchJson.Options));
            return ExitCodes.Success;
        }

        return TrainingCalls.Train(call, request);
    }
}
