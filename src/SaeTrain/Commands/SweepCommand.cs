using System.CommandLine;
using System.Text.Json;
using Workbench.Commands;
using Workbench.SaeTrain.Sweeps;
using Workbench.SaeTrain.Training.Settings;

namespace Workbench.SaeTrain.Commands;

/// <summary><c>saetrain sweep</c>: trains many dictionaries over one pass of the data.</summary>
internal sealed class SweepCommand : ICliCommand
{
    private readonly Option<string> _workspace = new("--workspace") { Description = "Folder of the workspace.", Required = true };
    private readonly Option<string> _id = new("--id") { Description = "Id of the sweep; its dictionaries' ids begin with it, and the same line again resumes it.", Required = true };
    private readonly Option<string> _config = new("--config") { Description = "JSON file: base (settings of all), grid (lists of values, every combination) and runs (objects of settings).", Required = true };
    private readonly Option<int?> _jobs = new("--jobs") { Description = "Most dictionaries trained side by side; by default all that read the same rows." };

    public Command Build()
    {
        _jobs.Validators.Add(result =>
        {
            if (result.GetValue(_jobs) is < 1)
            {
                result.AddError("--jobs must be at least 1.");
            }
        });
        return new Command("sweep", "Trains many dictionaries over one pass of the data.") { _workspace, _id, _config, _jobs }
            .WithExample("saetrain sweep --workspace W --config grid.json --id s1, with {\"base\": {\"harvest\": \"h1\", \"recipe\": \"openai-topk\"}, \"grid\": {\"k\": [16, 32], \"seed\": [0, 1]}}")
            .Handle(Run);
    }

    private int Run(CommandCall call)
    {
        string file = call.Get(_config);
        JsonElement grid = ConfigFile.Document(file);
        return Train(call, new SweepRequest(call.Get(_workspace), call.Get(_id), grid, file, call.Find(_jobs)));
    }

    /// <summary>Runs a sweep and writes its result.</summary>
    internal static int Train(CommandCall call, SweepRequest request)
    {
        using var bar = TerminalProgress.Create(call);
        SweepResult result = new SweepRun(request, call.Error, bar, TimeProvider.System, TrainingMemory.Free).Execute(call.Cancellation);
        bar?.Dispose();
        call.Write(result, () => FormattableString.Invariant($"Sweep {result.Id} is complete: {result.Dictionaries.Count} dictionaries in {result.Seconds:f0} s; 'saetrain compare' sets them side by side."));
        return ExitCodes.Success;
    }
}
