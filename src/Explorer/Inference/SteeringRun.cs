using System.Diagnostics;
using Workbench.Dictionaries;
using Workbench.Explorer.Data;
using Workbench.Interventions;
using Workbench.Models;
using Workbench.Text.Tokenizers;

namespace Workbench.Explorer.Inference;

/// <summary>
/// Continues a prompt twice with the same seed, without and with edits, token by token in turn, and then reads both texts with
/// the unedited model. Belongs to the worker's thread.
/// </summary>
internal sealed class SteeringRun(ModelCache cache, FeatureSpace space, SteeringSettings settings, Action<bool, string> onText)
{
    /// <summary>The edits in the form that files and the command line have: one for each hook that a feature is written at.</summary>
    /// <exception cref="WorkbenchException">The dictionary writes to no hook point.</exception>
    public static EditPlan Plan(FeatureSpace space, SteeringSettings settings)
    {
        return new EditPlan(settings.Edits.SelectMany(edit => SteeringHooks.Of(space, edit.Latent).Select(hook => new Edit
        {
            Hook = hook,
            Operation = edit.Operation,
            Dictionary = space.Dictionary,
            Latent = edit.Latent,
            Strength = edit.Strength,
            Positions = new EditPositions(settings.Positions),
        })));
    }

    public SteeringResult Run(CancellationToken cancellation)
    {
        LoadedModel loaded = cache.Model(space);
        AttachedDictionary dictionary = cache.Dictionary(space);
        int[] prompt = Prompt(loaded.Tokenizer);
        var resources = new EditResources(_ => dictionary.Dictionary, (_, latent) => space.Index.Statistics(latent).Max);
        IReadOnlyList<Hook> hooks = Plan(space, settings).ToHooks(loaded.Model, resources, prompt.Length);
        long start = Stopwatch.GetTimestamp();
        (int[] plain, int[] edited) = Generate(loaded, prompt, hooks, cancellation);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        int? latent = settings.Edits.Count > 0 ? settings.Edits[0].Latent : null;
        var reader = new SteeringReader(loaded.Model, dictionary, space, latent);
        return new SteeringResult(
            reader.Read(prompt, plain, null), reader.Read(prompt, edited, hooks), seconds > 0 ? (plain.Length + edited.Length) / seconds : 0);
    }

    private (int[] Plain, int[] Edited) Generate(LoadedModel loaded, int[] prompt, IReadOnlyList<Hook> hooks, CancellationToken cancellation)
    {
        var options = new GenerationOptions
        {
            MaxTokens = settings.MaxTokens,
            Temperature = settings.Temperature,
            TopK = settings.TopK,
            TopP = settings.TopP,
            Seed = settings.Seed,
        };
        var generator = new Generator(loaded.Model, loaded.Tokenizer);
        using IEnumerator<GeneratedToken> plain = generator.Generate(prompt, options, null, cancellation).GetEnumerator();
        using IEnumerator<GeneratedToken> edited = generator.Generate(prompt, options, hooks, cancellation).GetEnumerator();
        var sides = new[] { (Tokens: plain, Ids: new List<int>()), (Tokens: edited, Ids: new List<int>()) };
        bool[] going = [true, true];
        while (going[0] || going[1])
        {
            for (int side = 0; side < sides.Length; side++)
            {
                if (going[side] && (going[side] = sides[side].Tokens.MoveNext()))
                {
                    sides[side].Ids.Add(sides[side].Tokens.Current.Id);
                    onText(side == 1, sides[side].Tokens.Current.Text);
                }
            }
        }

        return ([.. sides[0].Ids], [.. sides[1].Ids]);
    }

    private int[] Prompt(TextTokenizer tokenizer)
    {
        if (settings.Chat)
        {
            return tokenizer.Encode(tokenizer.ApplyChatTemplate([new ChatMessage("user", settings.Prompt)], addGenerationPrompt: true));
        }

        int[] ids = tokenizer.Encode(settings.Prompt);
        return (space.Info.Bos == "always" || ids.Length == 0) && tokenizer.BosId is { } bos ? [bos, .. ids] : ids;
    }
}
