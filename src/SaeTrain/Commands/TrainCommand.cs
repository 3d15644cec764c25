using System.CommandLine;
using System.Globalization;
using Workbench.Commands;
using Workbench.Numerics;
using Workbench.SaeTrain.Recipes;
using Workbench.SaeTrain.Training;

namespace Workbench.SaeTrain.Commands;

/// <summary><c>saetrain train</c>: fits a dictionary on a harvest.</summary>
internal sealed class TrainCommand : ICliCommand
{
    private static readonly Option<string> s_workspace = new("--workspace") { Description = "Folder of the workspace.", Required = true };
    private static readonly Option<string> s_harvest = new("--harvest") { Description = "Id of the harvest to train on.", Required = true };
    private static readonly Option<string> s_id = new("--id") { Description = "Id of the dictionary; the same line again resumes it.", Required = true };
    private static readonly Option<string[]> s_hook = new("--hook") { Description = "Hook point that is encoded; needed where the harvest holds several, repeated for dictionaries over several.", DefaultValueFactory = _ => [] };
    private static readonly Option<string?> s_hookOut = new("--hook-out") { Description = "Hook point that a transcoder reconstructs." };
    private static readonly Option<string?> s_recipe = new("--recipe") { Description = $"Whose numerics to use: {string.Join(", ", RecipeRegistry.All.Select(r => r.Name))}." };
    private static readonly Option<string?> s_architecture = new("--architecture") { Description = "Architecture, in place of a recipe's name: its first recipe." };
    private static readonly Option<int> s_latents = Positive("--latents", "Number of latents.", 4096);
    private static readonly Option<double?> s_k = new("--k") { Description = "Latents kept in each row, for recipes that fix it; by default 32." };
    private static readonly Option<string[]> s_set = new("--set") { Description = "One of the recipe's own options as name=value, e.g. --set auxk=64; repeatable.", DefaultValueFactory = _ => [] };
    private static readonly Option<int> s_batch = Positive("--batch", "Rows a step.", 2048);
    private static readonly Option<int> s_saveEvery = Positive("--save-every", "Steps between checkpoints.", 100);
    private static readonly Option<double> s_epochs = new("--epochs") { Description = "Passes over the harvest.", DefaultValueFactory = _ => 5 };
    private static readonly Option<long> s_seed = new("--seed") { Description = "Seed of initial weights and order of rows.", DefaultValueFactory = _ => 0 };
    private static readonly Option<double?> s_rate = new("--lr") { Description = "Peak learning rate; by default the recipe's." };
    private static readonly Option<long?> s_warmUp = Count("--warm-up", "Steps of linear warm-up; by default the recipe's.");
    private static readonly Option<long?> s_decay = Count("--decay", "Steps of linear decay at the end; by default the recipe's.");
    private static readonly Option<long?> s_window = Count("--dead-tokens", "Tokens without firing after which a latent is dead; by default one epoch.");
    private static readonly Option<string> s_precision = new("--precision") { Description = "Number type of the encoder product: auto, float32 or bfloat16.", DefaultValueFactory = _ => "auto" };
    private static readonly Option<int?> s_threads = new("--threads") { Description = "Threads of matrix products; by default all cores." };
    private static readonly Option<string> s_device = new("--device") { Description = "auto, cpu, cuda or cuda:n.", DefaultValueFactory = _ => "auto" };

    public Command Build()
    {
        s_threads.Validators.Add(result =>
        {
            if (result.GetValue(s_threads) is < 1)
            {
                result.AddError($"{s_threads.Name} must be at least 1.");
            }
        });

        return new Command("train", "Trains a dictionary on a harvest's activations.")
        {
            s_workspace, s_harvest, s_id, s_hook, s_hookOut, s_recipe, s_architecture, s_latents, s_k, s_set, s_seed, s_batch, s_epochs, s_rate,
            s_warmUp, s_decay, s_window, s_precision, s_threads, s_device, s_saveEvery,
        }
        .WithExample("saetrain train --workspace W --harvest h1 --recipe openai-topk --latents 4096 --k 32 --seed 0 --id d1")
        .Handle(Run);
    }

    private static int Run(CommandCall call)
    {
        var request = new TrainingRequest
        {
            Workspace = call.Get(s_workspace),
            Id = call.Get(s_id),
            Harvest = call.Get(s_harvest),
            Hooks = call.Get(s_hook),
            HookOut = call.Find(s_hookOut),
            Recipe = call.Find(s_recipe),
            Architecture = call.Find(s_architecture),
            Latents = call.Get(s_latents),
            Options = RecipeOptionArguments.Read(call.Get(s_set), call.Find(s_k)),
            Seed = call.Get(s_seed),
            Batch = call.Get(s_batch),
            Epochs = call.Get(s_epochs) is > 0 and < 1e6 and double epochs ? epochs : throw new UsageException("--epochs must be a positive number."),
            LearningRate = call.Find(s_rate),
            WarmUpSteps = call.Find(s_warmUp),
            DecaySteps = call.Find(s_decay),
            DeadTokens = call.Find(s_window),
            Precision = MatrixPrecisions.Parse(call.Get(s_precision)),
            Threads = call.Find(s_threads),
            Device = call.Get(s_device),
            SaveEvery = call.Get(s_saveEvery),
        };
        using var bar = TerminalProgress.Create(call);
        TrainingResult result = new DictionaryRun(request, call.Error, bar, TimeProvider.System).Execute(call.Cancellation);
        bar?.Dispose();
        call.Write(result, () => Describe(result));
        return ExitCodes.Success;
    }

    private static string Describe(TrainingResult result)
    {
        if (result.AlreadyComplete)
        {
            return $"Dictionary {result.Id} is complete already; nothing to do ({result.Folder}).";
        }

        string numbers = result.Last is null
            ? string.Empty
            : string.Create(CultureInfo.InvariantCulture, $" Last batch: FVU {result.Last.Fvu:f4}, L0 {result.Last.L0:f1}, {result.Last.Dead} dead.");
        return string.Create(CultureInfo.InvariantCulture, $"Dictionary {result.Id} is complete: {result.Config.Steps} steps in {result.Seconds:f0} s.{numbers} {result.Folder}");
    }

    private static Option<int> Positive(string name, string description, int value)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.GetValue(option) < 1)
            {
                result.AddError($"{name} must be at least 1.");
            }
        });
        return option;
    }

    private static Option<long?> Count(string name, string description)
    {
        var option = new Option<long?>(name) { Description = description };
        option.Validators.Add(result =>
        {
            if (result.GetValue(option) is < 0)
            {
                result.AddError($"{name} must not be negative.");
            }
        });
        return option;
    }
}
