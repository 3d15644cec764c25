using System.CommandLine;
using System.Diagnostics;
using TorchSharp;
using Workbench.Commands;
using Workbench.Interventions;
using Workbench.Models;
using Workbench.Numerics;
using Workbench.Text.Tokenizers;

namespace Workbench.Harvest.Commands;

/// <summary><c>harvest generate</c>: continues a text, with edits if wanted.</summary>
internal sealed class GenerateCommand : ICliCommand
{
    private static readonly GenerationOptions s_default = new();

    private readonly Option<string> _model = new("--model") { Description = "Folder, .gguf file or name.", Required = true };
    private readonly Option<string> _prompt = new("--prompt") { Description = "Text to continue.", Required = true };
    private readonly Option<int> _maxTokens = new("--max-tokens") { Description = "Most tokens to add.", DefaultValueFactory = _ => s_default.MaxTokens };
    private readonly Option<double> _temperature = new("--temperature") { Description = "0 takes the most probable token always.", DefaultValueFactory = _ => s_default.Temperature };
    private readonly Option<int> _topK = new("--top-k") { Description = "Sample among this many tokens; 0 for all.", DefaultValueFactory = _ => s_default.TopK };
    private readonly Option<double> _topP = new("--top-p") { Description = "Sample among the tokens that make up this probability.", DefaultValueFactory = _ => s_default.TopP };
    private readonly Option<int> _seed = new("--seed") { Description = "Seed of the sampler.", DefaultValueFactory = _ => s_default.Seed };
    private readonly Option<int[]> _stop = new("--stop") { Description = "Token ids that end the text, beside the model's own.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
    private readonly Option<bool> _ignoreEos = new("--ignore-eos") { Description = "Go on through the model's end tokens." };
    private readonly Option<bool> _chat = new("--chat") { Description = "Take the prompt as a user's message, in the model's chat template." };
    private readonly Option<string?> _edit = new("--edit") { Description = "File of edits to apply while generating." };
    private readonly Option<string?> _workspace = new("--workspace") { Description = "Workspace whose models and dictionaries are found by name." };
    private readonly Option<string> _precision = new("--precision") { Description = "auto, float32 or bfloat16 matrix products.", DefaultValueFactory = _ => "auto" };
    private readonly Option<string> _device = new("--device") { Description = "auto, cpu, cuda or cuda:n.", DefaultValueFactory = _ => "auto" };

    public Command Build()
    {
        return new Command("generate", "Continues a text; with --edit, under interventions at the model's hooks.")
            {
                _model, _prompt, _maxTokens, _temperature, _topK, _topP, _seed, _stop, _ignoreEos, _chat, _edit, _workspace, _precision, _device,
            }
            .WithExample("harvest generate --model docs-lm --prompt \"Gets the number of\" --max-tokens 40 --temperature 0.7 --seed 1")
            .Handle(Run);
    }

    private int Run(CommandCall call)
    {
        GenerationOptions options = Options(call);
        options.Validate();
        EditPlan plan = call.Find(_edit) is string file ? EditPlan.Load(file) : new EditPlan([]);
        using LoadedModel loaded = ModelLoader.Load(call.Get(_model), new ModelLoadOptions
        {
            Device = ComputeDevice.Resolve(call.Get(_device)),
            Precision = MatrixPrecisions.Parse(call.Get(_precision)),
            WorkspaceRoot = call.Find(_workspace),
        });
        int[] prompt = Prompt(call, loaded.Tokenizer);
        using var dictionaries = new EditDictionaries(call.Find(_workspace), loaded.Model.Device);
        IReadOnlyList<Hook> hooks = plan.ToHooks(loaded.Model, dictionaries.Resources, prompt.Length);
        var generator = new Generator(loaded.Model, loaded.Tokenizer);
        var made = new List<GeneratedToken>();
        long start = Stopwatch.GetTimestamp();
        foreach (GeneratedToken token in generator.Generate(prompt, options, hooks, call.Cancellation))
        {
            made.Add(token);
            if (!call.Json)
            {
                call.Output.Write(token.Text);
                call.Output.Flush();
            }
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var result = new GenerateResult(
            loaded.Name, loaded.Hash, MatrixPrecisions.Name(loaded.Model.ComputeType), prompt, [.. made.Select(token => token.Id)],
            string.Concat(made.Select(token => token.Text)), [.. made.Select(token => token.LogProbability)], options, plan.Edits.Count, seconds, made.Count / seconds);
        call.Write(result, () => string.Empty);
        return ExitCodes.Success;
    }

    private GenerationOptions Options(CommandCall call)
    {
        return new GenerationOptions
        {
            MaxTokens = call.Get(_maxTokens),
            Temperature = call.Get(_temperature),
            TopK = call.Get(_topK),
            TopP = call.Get(_topP),
            Seed = call.Get(_seed),
            StopIds = call.Get(_stop),
            StopAtEos = !call.Find(_ignoreEos),
        };
    }

    private int[] Prompt(CommandCall call, TextTokenizer tokenizer)
    {
        string text = call.Get(_prompt);
        if (!call.Find(_chat))
        {
            return tokenizer.Encode(text, addSpecialTokens: true);
        }

        // A template writes the special tokens itself, the first included.
        return tokenizer.ChatTemplate is null
            ? throw new UsageException("--chat needs a model with a chat template, which this one lacks; leave --chat out.")
            : tokenizer.Encode(tokenizer.ApplyChatTemplate([new ChatMessage("user", text)], addGenerationPrompt: true));
    }
}
