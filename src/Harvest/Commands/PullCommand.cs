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

    public Command Build()
    {
        return new Command("pull", "Fetches a model from a hub (HF_ENDPOINT, HF_TOKEN) into the cache of its official client (HF_HOME, HF_HUB_CACHE); the same line again resumes.")
            {
                _model, _files, _parallel, _workspace, _name,
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

        var hub = new ModelHub(HubSettings.FromEnvironment() with { Parallel = parallel });
        PulledModel pulled = TerminalProgress.Show(sink => hub.PullAsync(reference, call.Get(_files), sink, call.Cancellation).GetAwaiter().GetResult());
        string? place = call.Find(_workspace) is { } root
            ? PulledFolder.Place(new Workspace(root), call.Find(_name) ?? reference.Name, pulled)
            : null;
        call.Write(pulled, () => Text(pulled, place));
        return ExitCodes.Success;
    }

    private static string Text(PulledModel pulled, string? place)
    {
        string elsewhere = place is null ? string.Empty : $" Also at {place}.";
        string passed = pulled.Passed.Count > 0 ? $" Left there: {string.Join(", ", pulled.Passed)}." : string.Empty;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{pulled.Model} at {pulled.Revision} ({pulled.Commit[..12]}): {pulled.Files.Count} files, {pulled.Bytes / 1e6:N1} MB, {pulled.FetchedBytes / 1e6:N1} MB of them new, every hash as promised, in {pulled.Folder}.{elsewhere}{passed}");
    }
}
