using System.CommandLine;
using System.Globalization;
using Workbench.Commands;
using Workbench.Harvest.Harvesting;
using Workbench.Models.Hub;
using Workbench.Workspaces;

namespace Workbench.Harvest.Commands;

/// <summary><c>harvest pull</c>: fetches a model from a hub.</summary>
internal sealed class PullCommand : ICliCommand
{
    private readonly Argument<string> _model = new("model") { Description = "OWNER/NAME or OWNER/NAME@revision." };
    private readonly Option<string[]> _files = new("--file") { Description = "A single file, such as one .gguf; may be repeated. By default config, tokenizer and safetensors.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
    private readonly Option<int> _parallel = new("--parallel") { Description = "Files fetched at the same time.", DefaultValueFactory = _ => 4 };
    private readonly Option<string?> _workspace = new("--workspace") { Description = "Workspace that gets the model under a name of its own too, by links." };
    private readonly Option<string?> _name = new("--name") { Description = "That name; by default NAME." };

    private readonly Option<bool> _offline = new("--offline") { Description = "Sends nothing: finds the model in the cache or fails. HF_HUB_OFFLINE=1 does the same." };

    public Command Build()
    {
        return new Command("pull", "Fetches a model from a hub (HF_ENDPOINT, HF_TOKEN) into the cache of its official client (HF_HOME, HF_HUB_CACHE); the same line again resumes.")
            {
                _model, _files, _parallel, _offline, _workspace, _name,
            }
            .WithExample("harvest pull HuggingFaceTB/SmolLM2-135M && harvest run --model HuggingFaceTB/SmolLM2-135M ...")
            .Handle(Run);
    }

    private int Run(CommandCall call)
    {
        HubReference reference = HubReference.Parse(call.Parse.GetRequiredValue(_model));
        int parallel = call.Get(_parallel);
        if (parallel < 1)
        {
            throw new UsageException($"--parallel is {parallel}; expected 1 or more.");
        }

        HubSettings settings = HubSettings.FromEnvironment();
        settings = settings with { Parallel = parallel, Offline = settings.Offline || call.Get(_offline) };
        var hub = new ModelHub(settings);
        PulledModel pulled = TerminalProgress.Show(sink => hub.PullAsync(reference, call.Get(_files), sink, call.Cancellation).GetAwaiter().GetResult());
        string? place = call.Find(_workspace) is { } root
            ? PulledFolder.Place(new Workspace(root), call.Find(_name) ?? reference.Name, pulled)
            : null;
        call.Write(pulled, () => Text(pulled, place, settings.Offline));
        return ExitCodes.Success;
    }

    private static string Text(PulledModel pulled, string? place, bool offline)
    {
        string elsewhere = place is null ? string.Empty : $" Also at {place}.";
        string news = offline
            ? "found in the cache"
            : string.Create(CultureInfo.InvariantCulture, $"{pulled.FetchedBytes / 1e6:N1} MB of them new, every hash as promised");
        string passed = pulled.Passed.Count > 0 ? $" Left there: {string.Join(", ", pulled.Passed)}." : string.Empty;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{pulled.Model} at {pulled.Revision} ({pulled.Commit[..12]}): {pulled.Files.Count} files, {pulled.Bytes / 1e6:N1} MB, {news}, in {pulled.Folder}.{elsewhere}{passed}");
    }
}
