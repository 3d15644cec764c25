using System.CommandLine;
using System.Globalization;
using Workbench.Commands;
using Workbench.Numerics;
using Workbench.SaeTrain.Indexing;

namespace Workbench.SaeTrain.Commands;

/// <summary><c>saetrain index</c>: finds out what every latent of a dictionary fires on.</summary>
internal sealed class IndexCommand : ICliCommand
{
    private static readonly Option<string> s_workspace = new("--workspace") { Description = "Folder of the workspace.", Required = true };
    private static readonly Option<string> s_dictionary = new("--dictionary") { Description = "Id of the dictionary, or id@step for a checkpoint.", Required = true };
    private static readonly Option<string?> s_harvest = new("--harvest") { Description = "Id of the harvest to look at; by default the one that the dictionary was trained on." };
    private static readonly Option<string?> s_model = new("--model") { Description = "Where the harvest's model is now, if it moved." };
    private static readonly Option<bool> s_replay = new("--replay") { Description = "Run the model over the harvest's sequences even where it stored the activations." };
    private static readonly Option<bool> s_overwrite = new("--overwrite") { Description = "Replace an index that was made from another source: stored activations or a replay." };
    private static readonly Option<string> s_precision = new("--precision") { Description = "Number type of matrix products: auto, float32 or bfloat16.", DefaultValueFactory = _ => "auto" };
    private static readonly Option<string> s_device = new("--device") { Description = "auto, cpu, cuda or cuda:n.", DefaultValueFactory = _ => "auto" };
    private static readonly Option<long> s_seed = new("--seed") { Description = "Seed of the sampling of examples within intervals.", DefaultValueFactory = _ => 0 };

    public Command Build()
    {
        return new Command("index", "Finds each latent's statistics, examples, logits and neighbours over a harvest.")
        {
            s_workspace, s_dictionary, s_harvest, s_model, s_replay, s_overwrite, s_precision, s_device, s_seed,
        }
        .WithExample("saetrain index --workspace W --dictionary d1 --harvest h1")
        .Handle(Run);
    }

    private static int Run(CommandCall call)
    {
        var request = new IndexRequest
        {
            Workspace = call.Get(s_workspace),
            Dictionary = call.Get(s_dictionary),
            Harvest = call.Find(s_harvest),
            Model = call.Find(s_model),
            Replay = call.Find(s_replay),
            Overwrite = call.Find(s_overwrite),
            Precision = MatrixPrecisions.Parse(call.Get(s_precision)),
            Device = call.Get(s_device),
            Seed = call.Get(s_seed),
        };
        using var bar = TerminalProgress.Create(call);
        IndexResult result = new IndexRun(request, bar, TimeProvider.System).Execute(call.Cancellation);
        bar?.Dispose();
        call.Write(result, () => Describe(result));
        return ExitCodes.Success;
    }

    private static string Describe(IndexResult result)
    {
        string state = result.AlreadyComplete
            ? "is complete already; nothing to do"
            : string.Create(CultureInfo.InvariantCulture, $"is complete after {result.Seconds:f1} s");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"The index of {result.Dictionary} over {result.Harvest} {state}: {result.Tokens} tokens, {result.Alive} of {result.Latents} latents alive, {result.Dense} dense, {result.MeanActive:f1} active {(result.RowsPerToken == 1 ? "a token" : "a token and hook")}. {result.Folder}");
    }
}
