using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models;

/// <summary>Refuses a call that the model cannot answer, with a sentence that says why.</summary>
internal static class ForwardCheck
{
    public static void Run(
        LanguageModel model, Tensor tokens, IReadOnlyList<Hook> hooks, bool stopAtLastHook, KvCache? cache, Tensor? mask)
    {
        if (tokens.dtype != ScalarType.Int64 || tokens.dim() != 2 || tokens.numel() == 0)
        {
            throw new ArgumentException($"Tokens are int64 [batch, seq]; found {tokens.dtype} [{string.Join(", ", tokens.shape)}].", nameof(tokens));
        }

        if (stopAtLastHook && hooks.Count == 0)
        {
            throw new ArgumentException("Stopping at the last hook needs a hook.", nameof(hooks));
        }

        foreach (Hook hook in hooks)
        {
            Hook(model, hook.Point);
        }

        long end = (cache?.Length ?? 0) + tokens.shape[1];
        if (end > model.Config.ContextLength)
        {
            throw new WorkbenchException(
                $"The text is {end:N0} tokens long, but the model's context is {model.Config.ContextLength:N0}; shorten the text or the context.");
        }

        Ids(model, tokens);
        if (mask is not null)
        {
            Padding(tokens, mask);
        }
    }

    public static void Hook(LanguageModel model, HookPoint point)
    {
        if (model.AbsenceOf(point) is string reason)
        {
            throw new WorkbenchException($"The model lacks hook {point}: {reason}; choose another hook.");
        }
    }

    private static void Ids(LanguageModel model, Tensor tokens)
    {
        using Tensor least = tokens.min();
        using Tensor greatest = tokens.max();
        if (least.item<long>() is var low && greatest.item<long>() is var high && (low < 0 || high >= model.Config.VocabularySize))
        {
            throw new WorkbenchException(
                $"Token id {(low < 0 ? low : high)} is outside the model's vocabulary of {model.Config.VocabularySize:N0}; use the model's own tokenizer.");
        }
    }

    /// <summary>Causal attention never looks right, so padding there changes no real position; padding on the left would.</summary>
    private static void Padding(Tensor tokens, Tensor mask)
    {
        if (!mask.shape.SequenceEqual(tokens.shape))
        {
            throw new ArgumentException($"The mask is [{string.Join(", ", mask.shape)}], the tokens [{string.Join(", ", tokens.shape)}].", nameof(mask));
        }

        using var scope = NewDisposeScope();
        Tensor ones = mask.to(ScalarType.Int64);
        if (mask.shape[1] > 1 && ones.diff(dim: 1).max().item<long>() > 0)
        {
            throw new WorkbenchException("The attention mask pads on the left; pad on the right (ones, then zeros).");
        }
    }
}
