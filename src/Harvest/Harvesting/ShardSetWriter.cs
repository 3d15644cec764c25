using Workbench.Activations;
using Workbench.Workspaces;

namespace Workbench.Harvest.Harvesting;

/// <summary>
/// Writes the rows of all hooks side by side and completes their shards together, on another thread while the next rows are computed:
/// forcing them to disk may take long. At most one set is on its way; its failure appears at the next call. A shard covers a fixed stretch of the plan's
/// rows, so that shares and resumptions begin on its borders; it holds fewer rows where outliers were left out.
/// </summary>
internal sealed class ShardSetWriter : IDisposable
{
    private readonly ShardWriter[] _writers;
    private readonly ShardJournal _journal;
    private readonly OutlierFilter _filter;
    private readonly int _shardRows;
    private readonly List<PendingShard> _set = [];
    private Task _completion = Task.CompletedTask;

    public ShardSetWriter(
        string root, IEnumerable<ShardHeader> headers, HarvestConfig config, int firstShard, ShardJournal journal, FileOpener? open)
    {
        _journal = journal;
        _filter = OutlierFilter.Of(config);
        _shardRows = config.Resolved.Layout.ShardRows;
        _writers =
        [
            .. headers.Select(header =>
                new ShardWriter(root, header, config.Resolved.Layout, config.Request.DType, firstShard, open)),
        ];
    }

    /// <summary>Adds a batch's rows, of which those outside the given range of rows belong to other shards than this writer's.</summary>
    public void Append(IReadOnlyList<HarvestSequence> batch, ActivationCapture capture, long fromRow, long toRow)
    {
        if (_completion.IsFaulted)
        {
            Settle();
        }

        long first = batch[0].FirstRow;
        int rows = (int)(batch[^1].EndRow - first);
        RowLabels labels = RowLabels.Of(batch, rows);
        int end = (int)Math.Min(rows, toRow - first);
        for (int done = (int)Math.Max(0, fromRow - first); done < end;)
        {
            int room = _shardRows - (int)((first + done) % _shardRows);
            int next = Math.Min(end, done + room);
            foreach (PositionRun run in _filter.Kept(capture, rows, done, next))
            {
                for (int hook = 0; hook < _writers.Length; hook++)
                {
                    _writers[hook].Append(labels.With(capture.Values(hook, rows)).Slice(run.Position, run.Count));
                }
            }

            done = next;
            if ((first + done) % _shardRows == 0)
            {
                Complete();
            }
        }
    }

    /// <summary>Completes the shards under way after the last row, which may lie within one, and waits until the journal has all.</summary>
    /// <param name="endRow">The row after the last.</param>
    public void CompleteAt(long endRow)
    {
        if (endRow % _shardRows != 0)
        {
            Complete();
        }

        Settle();
    }

    public void Dispose()
    {
        // Whatever ends the run early, a set that can still be completed is; that it could not be changes nothing then.
        _ = Task.WhenAny(_completion).GetAwaiter().GetResult();
        _set.ForEach(shard => shard.Dispose());
        Array.ForEach(_writers, writer => writer.Dispose());
    }

    private void Complete()
    {
        Settle();
        foreach (ShardWriter writer in _writers)
        {
            _set.Add(writer.ReleaseShard() ?? throw new WorkbenchException(
                $"All rows of shard {writer.Shard} are outliers by --max-norm-multiple; raise it, or raise --shard-rows."));
        }

        _completion = Task.Run(() => _journal.Add([.. _set.Select(shard => shard.Complete())]));
    }

    /// <summary>Waits for the set on its way.</summary>
    private void Settle()
    {
        _completion.GetAwaiter().GetResult();
        _set.Clear();
    }

    private sealed record RowLabels(int[] TokenIds, long[] Documents, long[] Sequences, int[] Positions)
    {
        public static RowLabels Of(IReadOnlyList<HarvestSequence> batch, int rows)
        {
            var labels = new RowLabels(new int[rows], new long[rows], new long[rows], new int[rows]);
            int row = 0;
            foreach (HarvestSequence sequence in batch)
            {
                int part = 0;
                foreach (int position in sequence.Kept)
                {
                    while (part + 1 < sequence.Parts.Count && sequence.Parts[part + 1].Start <= position)
                    {
                        part++;
                    }

                    labels.TokenIds[row] = sequence.Tokens[position];
                    labels.Documents[row] = sequence.Parts[part].Document.Id;
                    labels.Sequences[row] = sequence.Index;
                    labels.Positions[row] = position;
                    row++;
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
