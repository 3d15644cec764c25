using TorchSharp;
using Workbench.Activations;
using Workbench.Dictionaries;
using Workbench.Features;
using Workbench.Models;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Indexing;

/// <summary>The activations that the model computes when it reads the harvest's sequences again, up to the last hook and no further.</summary>
internal sealed class ReplayedActivations(LanguageModel model, JoinedHooks hooks, SequenceTable sequences) : IActivationReader
{
    private const int TokensPerPass = 4096;

    public ActivationSource Source => ActivationSource.Replay;

    public string NumberType => "float32";

    public int Width => hooks.Width;

    public void Read(SequenceBlock block, Tensor destination, CancellationToken cancellation)
    {
        // Sequences of similar length go together, so that little is padded.
        long[] order = new long[block.Sequences];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = block.FirstSequence + i;
        }

        Array.Sort(order, (a, b) => (sequences.Tokens(b).Length, a).CompareTo((sequences.Tokens(a).Length, b)));
        for (int start = 0; start < order.Length;)
        {
            cancellation.ThrowIfCancellationRequested();
            int longest = Math.Max(1, sequences.Tokens(order[start]).Length);
            int count = Math.Clamp(TokensPerPass / longest, 1, order.Length - start);
            Pass(order.AsMemory(start, count), longest, block.FirstRow, destination);
            start += count;
        }
    }

    public void Dispose()
    {
    }

    private void Pass(ReadOnlyMemory<long> group, int length, long firstRow, Tensor destination)
    {
        using var scope = NewDisposeScope();
        long[] ids = new long[group.Length * length];
        for (int i = 0; i < group.Length; i++)
        {
            ReadOnlySpan<int> tokens = sequences.Tokens(group.Span[i]);
            for (int position = 0; position < tokens.Length; position++)
            {
                ids[(i * length) + position] = tokens[position];
            }
        }

        Hook Keep(HookPoint point, int part) => new(point, (value, _) =>
        {
            using Tensor place = hooks.Part(destination, part);
            for (int i = 0; i < group.Length; i++)
            {
                long sequence = group.Span[i];
                using Tensor positions = value[i];
                foreach (PositionRun run in PositionRun.Of(sequences.Kept(sequence)))
                {
                    using Tensor rows = positions.narrow(0, run.Position, run.Count);
                    using Tensor target = place.narrow(0, sequences.FirstRow(sequence) - firstRow + run.Row, run.Count);
                    target.copy_(rows);
                }
            }

            return null;
        });
        _ = model.Forward(tensor(ids, [group.Length, length]), [.. hooks.Points.Select(Keep)], stopAtLastHook: true);
    }
}
