using System.Runtime.InteropServices;
using TorchSharp;
using Workbench.Text.Tokenizers;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models;

/// <summary>Continues texts, one token at a time.</summary>
/// <param name="model">The model.</param>
/// <param name="tokenizer">For the text of the tokens; null leaves it empty.</param>
public sealed class Generator(LanguageModel model, TextTokenizer? tokenizer = null)
{
    /// <summary>Continues a prompt; tokens come as they are chosen, and leaving the loop ends the work.</summary>
    /// <param name="prompt">Token ids, at least one.</param>
    /// <param name="options">How to choose and when to stop.</param>
    /// <param name="hooks">Read or edit at every pass: first over the whole prompt, then token by token; see <see cref="HookContext.FirstPosition"/>.</param>
    /// <param name="cancellation">Ends the work between two tokens.</param>
    /// <exception cref="WorkbenchException">The prompt is empty or does not fit into the context.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IEnumerable<GeneratedToken> Generate(
        IReadOnlyList<int> prompt, GenerationOptions options, IReadOnlyList<Hook>? hooks = null, CancellationToken cancellation = default)
    {
        options.Validate();
        if (prompt.Count == 0)
        {
            throw new WorkbenchException("The prompt has no tokens; give it a text, or a model whose tokenizer adds a begin token.");
        }

        if (prompt.Count > model.Config.ContextLength)
        {
            throw new WorkbenchException($"The prompt is {prompt.Count:N0} tokens long, but the model's context is {model.Config.ContextLength:N0}; shorten it.");
        }

        return Stream([.. prompt.Select(id => (long)id)], options, hooks, cancellation);
    }

    private IEnumerable<GeneratedToken> Stream(long[] prompt, GenerationOptions options, IReadOnlyList<Hook>? hooks, CancellationToken cancellation)
    {
        HashSet<int> stops = [.. options.StopIds];
        if (options.StopAtEos)
        {
            stops.UnionWith(model.Config.EosIds);
            stops.UnionWith(tokenizer?.EosIds ?? stops);
        }

        model.GatherWeights();

        // The last token chosen is never read, so it may lie just outside the context.
        int room = Math.Min(options.MaxTokens, model.Config.ContextLength - prompt.Length + 1);
        using var cache = new KvCache(model.Config.Layers, prompt.Length + Math.Min(room, 256));
        var sampler = new TokenSampler(options);
        StreamingTextDecoder? text = tokenizer is null ? null : new StreamingTextDecoder(tokenizer);
        long[] next = prompt;
        float[] logits = new float[model.Config.VocabularySize];
        for (int made = 0; made < room; made++)
        {
            cancellation.ThrowIfCancellationRequested();
            Step(next, hooks, cache, logits);
            (int id, double logProbability) = sampler.Choose(logits);
            if (stops.Contains(id))
            {
                yield break;
            }

            string piece = text?.Append(id) ?? string.Empty;
            yield return new GeneratedToken(id, made == room - 1 ? piece + text?.Flush() : piece, logProbability);
            next = [id];
        }
    }

    private void Step(long[] ids, IReadOnlyList<Hook>? hooks, KvCache cache, float[] logits)
    {
        using var scope = NewDisposeScope();
        Tensor tokens = tensor(ids, [1, ids.Length], ScalarType.Int64);
        Tensor last = model.Forward(tokens, hooks, cache: cache, logits: LogitPositions.Last)!.cpu().contiguous();
        MemoryMarshal.Cast<byte, float>(last.bytes).CopyTo(logits);
    }
}
