using Workbench.Activations;
using Workbench.Workspaces;

namespace Workbench.Harvest.Harvesting;

/// <summary>Writes the rows of all hooks side by side and completes their shards together.</summary>
internal sealed class ShardSetWriter : IDisposable
{
    private readonly ShardWriter[] _writers;
    private readonly ShardJournal _journal;

    public ShardSetWriter(
        string root, IEnumerable<ShardHeader> headers, HarvestConfig config, int firstShard, ShardJournal journal, FileOpener? open)
    {
        _journal = journal;
        _writers =
        [
            .. headers.Select(header =>
                new ShardWriter(root, header, config.Resolved.Layout, config.Request.DType, firstShard, open)),
        ];
    }

    /// <summary>Adds a batch's rows, of which those outside the given range of rows belong to other shards than this writer's.</summary>
    public void Append(IReadOnlyList<HarvestSequence> batch, ActivationCapture capture, long fromRow, long toRow)
    {
        int rows = (int)(batch[^1].EndRow - batch[0].FirstRow);
        RowLabels labels = RowLabels.Of(batch, rows);
        int end = (int)Math.Min(rows, toRow - batch[0].FirstRow);
        for (int done = (int)Math.Max(0, fromRow - batch[0].FirstRow); done < end;)
        {
            int count = Math.Min(end - done, _writers[0].Room);
            for (int hook = 0; hook < _writers.Length; hook++)
            {
                _writers[hook].Append(labels.With(capture.Values(hook, rows)).Slice(done, count));
            }

            done += count;
            if (_writers[0].Room == 0)
            {
                Complete();
            }
        }
    }

    /// <summary>Completes the shards under way, if they have a row.</summary>
    public void Complete()
    {
        HarvestShard?[] set = [.. _writers.Select(writer => writer.FinishShard())];
        if (set[0] is not null)
        {
            _journal.Add([.. set.Select(shard => shard!)]);
        }
    }

    public void Dispose()
    {
        Array.ForEach(_writers, writer => writer.Dispose());
    }

    private sealed record RowLabels(int[] TokenIds, long[] Documents, long[] Sequences, int[] Positions)
    {
        public static RowLabels Of(IReadOnlyList<HarvestSequence> batch, int rows)
        {
            var labels = new RowLabels(new int[rows], new long[rows], new long[rows], new int[rows]);
            int row = 0;
            foreach (HarvestSequence sequence in batch)
            {
                for (int position = sequence.KeptFrom; position < sequence.Tokens.Length; position++, row++)
                {
                    labels.TokenIds[row] = sequence.Tokens[position];
                    labels.Documents[row] = sequence.Document.Id;
                    labels.Sequences[row] = sequence.Index;
                    labels.Positions[row] = position;
                }
            }

            return labels;
        }

        public ActivationRows With(ReadOnlySpan<float> values)
        {
            return new ActivationRows(values, TokenIds, Documents, Sequences, Positions);
        }
    }
}
