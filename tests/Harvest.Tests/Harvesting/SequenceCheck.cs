using TorchSharp;
using Workbench.Activations;
using Workbench.Models;
using Workbench.Testing;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Harvest.Tests.Harvesting;

/// <summary>Holds a sequence's rows to what the model computes of that sequence by itself.</summary>
internal static class SequenceCheck
{
    public static void Of(Activations.Harvest harvest, ActivationStore store, LanguageModel model, string hook, long sequence)
    {
        using var scope = torch.NewDisposeScope();
        long[] tokens = [.. harvest.Sequences.Tokens(sequence).ToArray().Select(id => (long)id)];
        Tensor? expected = null;
        model.Forward(
            torch.tensor(tokens, [1, tokens.Length]),
            [new Hook(HookPoint.Parse(hook), (value, _) =>
            {
                expected = value[0].clone().DetachFromDisposeScope();
                return null;
            })],
            stopAtLastHook: true);
        int[] kept = harvest.Sequences.Kept(sequence).ToArray();
        long first = harvest.Sequences.FirstRow(sequence);
        if (kept.Length > 0)
        {
            Tensor found = torch.empty(kept.Length, store.Width);
            store.Read(first, found);
            TensorAssert.CloseToScale(expected![torch.tensor(kept)], found, 1e-5, $"sequence {sequence}");
        }

        expected!.Dispose();
        for (int i = 0; i < kept.Length; i++)
        {
            (store.TokenId(first + i), store.Position(first + i), store.Sequence(first + i), store.Document(first + i))
                .ShouldBe(((int)tokens[kept[i]], kept[i], sequence, harvest.Sequences.Document(sequence, kept[i])));
        }
    }
}
