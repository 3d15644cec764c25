using System.CommandLine;
using System.Globalization;
using Workbench.Commands;
using Workbench.Numerics;
using Workbench.SaeTrain.Evaluation;

namespace Workbench.SaeTrain.Commands;

/// <summary><c>saetrain evaluate core</c>: how well a dictionary stands in for the activations on held-out text.</summary>
internal sealed class EvaluateCommand : ICliCommand
{
    private static readonly Option<string> s_workspace = new("--workspace") { Description = "Folder of the workspace.", Required = true };
    private static readonly Option<string> s_dictionary = new("--dictionary") { Description = "Id of the dictionary, or id@step for a checkpoint.", Required = true };
    private static readonly Option<string?> s_harvest = new("--harvest") { Description = "Id of the harvest whose corpus and windows to use; by default the one that the dictionary was trained on." };
    private static readonly Option<string?> s_model = new("--model") { Description = "Where the harvest's model is now, if it moved." };
    private static readonly Option<long> s_tokens = new("--tokens") { Description = "Held-out tokens to evaluate on.", DefaultValueFactory = _ => 100_000 };
    private static readonly Option<bool> s_all = new("--all") { Description = "Also run the passes and the costly diagnostics that only further definitions need, and list per-latent values." };
    private static readonly Option<string> s_precision = new("--precision") { Description = "Number type of the model's matrix products: auto, float32 or bfloat16.", DefaultValueFactory = _ => "auto" };
    private static readonly Option<string> s_device = new("--device") { Description = "auto, cpu, cuda or cuda:n.", DefaultValueFactory = _ => "auto" };

    public Command Build()
    {
        s_tokens.Validators.Add(result =>
        {
            if (result.GetValue(s_tokens) < 1)
            {
                result.AddError("--tokens must be at least 1.");
            }
        });
        Command core = new Command("core", "Reconstruction, sparsity, dead latents and cross-entropy on held-out text.")
        {
            s_workspace, s_dictionary, s_harvest, s_model, s_tokens, s_all, s_precision, s_device,
        }
        .WithExample("saetrain evaluate core --workspace W --dictionary d1")
        .Handle(Run);
        return new Command("evaluate", "Evaluates a dictionary.") { core }
            .WithExample("saetrain evaluate core --workspace W --dictionary d1");
    }

    private static int Run(CommandCall call)
    {
        var request = new CoreRequest
        {
            Workspace = call.Get(s_workspace),
            Dictionary = call.Get(s_dictionary),
            Harvest = call.Find(s_harvest),
            Model = call.Find(s_model),
            Tokens = call.Get(s_tokens),
            AllPasses = call.Find(s_all),
            Precision = MatrixPrecisions.Parse(call.Get(s_precision)),
            Device = call.Get(s_device),
        };
        using var bar = TerminalProgress.Create(call);
        CoreResult result = new CoreRun(request, bar, TimeProvider.System).Execute(call.Cancellation);
        bar?.Dispose();
        call.Write(result, () => Describe(result));
        return ExitCodes.Success;
    }

    private static string Describe(CoreResult result)
    {
        CoreHeadline head = result.Headline;
        string state = result.AlreadyComplete ? "evaluated already" : string.Create(CultureInfo.InvariantCulture, $"evaluated in {result.Seconds:f0} s");
        string to = result.Config.OutputHook is null ? string.Empty : " -> " + result.Config.OutputHook;
        string byHook = string.Concat((head.FvuByHook ?? new Dictionary<string, double>()).Select(
            share => string.Create(CultureInfo.InvariantCulture, $"\n    {share.Value:f4} at {share.Key}")));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {result.Config.Dictionary} {state} on {result.Tokens} held-out tokens of {result.Config.Corpus} at {result.Config.Hook}{to}
              FVU           {head.Fvu:f4}{byHook}
              L0            {head.ActiveLatents:f2}
              dead          {head.DeadLatents} ({head.DeadShare:p2}; {result.DeadFrom})
              CE clean      {head.CeClean:f4}
              CE SAE        {head.CeSae:f4}
              CE zero       {head.CeZeroAblation:f4}   recovered {head.CeRecovered:f4}
              CE mean       {head.CeMeanAblation:f4}   recovered {head.CeRecoveredMeanAblation:f4}
            """);
    }
}
