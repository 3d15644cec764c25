using Workbench.Activations;
using Workbench.Workspaces;

namespace Workbench.Harvest.Harvesting;

/// <summary>
/// Computes the shards of one share, from the first that is not complete. The batches before are passed over, so what a batch
/// holds never depends on where a run was resumed; of a batch on the border only the missing rows are written.
/// </summary>
internal sealed class ShardProduction(
    RunFolder run, string root, HarvestConfig config, HarvestInputs inputs, HarvestEnvironment environment)
{
    public ProgressReporter Progress { get; } = new(run, environment.Time, environment.Sink);

    public ProducedShards Run(HarvestPlan plan, HarvestPartition partition, CancellationToken cancellation)
    {
        long started = environment.Time.GetTimestamp();
        var log = new HarvestLog(run, environment.Time);
        var journal = new ShardJournal(run, root, environment.Files);
        string? remark = journal.Load((done, total) => Progress.Report("verify", done, total, "shards"), cancellation);
        if (remark is not null)
        {
            log.Write(remark);
        }

        if (inputs.LeftAside is not null)
        {
            log.Write(inputs.LeftAside);
        }

        log.Write($"{(journal.Count > 0 ? "resumed" : "started")} with {journal.Count} complete shards a hook");
        long rows = Compute(plan, partition, journal, cancellation);
        double seconds = environment.Time.GetElapsedTime(started).TotalSeconds;
        log.Write(FormattableString.Invariant($"computed {rows} rows a hook in {seconds:F1} s"));
        return new ProducedShards(journal, rows, seconds, remark);
    }

    private long Compute(HarvestPlan plan, HarvestPartition partition, ShardJournal journal, CancellationToken cancellation)
    {
        HarvestSettings resolved = config.Resolved;
        int shardRows = resolved.Layout.ShardRows;
        (int firstShard, int endShard) = partition.Shards(config.Request.Tokens, shardRows);
        long from = (long)(firstShard + journal.Count) * shardRows;
        long to = Math.Min(config.Request.Tokens, (long)endShard * shardRows);
        using var capture = new ActivationCapture(inputs.Model, config.Request.Hooks, resolved.ForwardTokens);
        using var writer = new ShardSetWriter(root, Headers(), config, firstShard + journal.Count, journal, environment.Files);
        long end = from;
        foreach (HarvestSequence[] batch in plan.Batches(resolved.Batch))
        {
            cancellation.ThrowIfCancellationRequested();
            if (batch[^1].EndRow <= from)
            {
                continue;
            }

            if (batch[0].FirstRow >= to)
            {
                break;
            }

            long first = batch[0].FirstRow;
            capture.Run(batch, done => Progress.Report("harvest", Math.Clamp(first + done, from, to), to, "tokens"), cancellation);
            writer.Append(batch, capture, from, to);
            end = Math.Min(to, batch[^1].EndRow);
        }

        writer.CompleteAt(end);
        return end - from;
    }

    private IEnumerable<ShardHeader> Headers()
    {
        return config.Request.Hooks.Zip(config.Resolved.Widths, (hook, width) => new ShardHeader(
            inputs.ModelName, inputs.ModelHash, hook, width, inputs.Tokenizer.Hash, config.Resolved.Bos, config.Request.Context, HarvestId()));
    }

    private string HarvestId()
    {
        return Path.GetFileName(root);
    }
}
