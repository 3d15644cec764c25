using Workbench.Activations;
using Workbench.Text.Corpora;
using Workbench.Workspaces;

namespace Workbench.Harvest.Harvesting;

/// <summary>
/// Writes what describes a harvest once its shards are complete: sequences, documents, statistics, and last the manifest, which
/// makes it valid. All of it follows from the corpus and the shards, so it is the same however often the run was interrupted.
/// </summary>
internal sealed class HarvestFinish(RunFolder folder, HarvestConfig config, HarvestInputs inputs, HarvestEnvironment environment)
{
    public HarvestInfo Write(
        HarvestPlan plan, IReadOnlyList<HarvestShard> shards, ProgressReporter progress, CancellationToken cancellation)
    {
        HarvestInfo info = Describe(shards);
        info = WriteTables(info, plan, progress, cancellation);
        WriteStatistics(info, progress, cancellation);
        AtomicFile.WriteJson(folder.ResultsPath(HarvestInfo.FileName), info, environment.Files);
        return info;
    }

    /// <summary>Writes both tables and gives the manifest with their counts. Which positions have a row is read from the shards.</summary>
    private HarvestInfo WriteTables(HarvestInfo info, HarvestPlan plan, ProgressReporter progress, CancellationToken cancellation)
    {
        using ActivationStore store = Open(info, info.Hooks[0]);
        using var sequences = new SequenceTableWriter(folder.Path, environment.Files);
        using var documents = new HarvestedDocuments(folder.Path, environment.Files);
        var rows = new KeptRows(store);
        long planned = 0;
        foreach (HarvestSequence sequence in plan.Sequences())
        {
            cancellation.ThrowIfCancellationRequested();
            long firstRow = rows.Next;
            int[] kept = rows.Take(sequence, info.Outliers is not null);
            sequences.Add([.. sequence.Parts.Select(part => new SequencePart(part.Document.Id, part.Start))], sequence.Tokens, firstRow, kept);
            documents.Add(sequence);
            planned = sequence.EndRow;
            progress.Report("tables", planned, config.Request.Tokens, "tokens");
        }

        info = info with
        {
            Rows = store.Rows,
            Sequences = sequences.Count,
            Documents = documents.Complete(),
            Outliers = info.Outliers is null ? null : info.Outliers with { Dropped = planned - store.Rows },
        };
        sequences.Complete();
        return rows.Next == store.Rows ? info : throw Disagreement(info, info.Hooks[0], rows.Next);
    }

    private HarvestInfo Describe(IReadOnlyList<HarvestShard> shards)
    {
        HarvestRequest request = config.Request;
        HarvestSettings resolved = config.Resolved;
        HarvestHook[] hooks = [.. request.Hooks.Zip(resolved.Widths, (name, width) => new HarvestHook(name, width))];
        return new HarvestInfo(
            HarvestInfo.CurrentFormatVersion, folder.Id, inputs.ModelName, inputs.ModelPath, inputs.ModelHash,
            inputs.Tokenizer.Hash, request.Corpus, inputs.Corpus.Hash, hooks, request.Context, resolved.Bos,
            resolved.ExcludedLeading, request.DType, resolved.Precision, 0, 0, 0, request.Seed,
            [.. hooks.SelectMany(hook => shards.Where(shard => shard.Hook == hook.Name).OrderBy(shard => shard.File, StringComparer.Ordinal))])
        {
            Windows = request.Windows,
            Separator = resolved.Separator,
            ExcludesSpecial = request.ExcludeSpecial,
            Outliers = request.MaxNormMultiple is { } multiple ? new HarvestOutliers(multiple, resolved.MedianNorms!, 0) : null,
        };
    }

    private ActivationStore Open(HarvestInfo info, HarvestHook hook)
    {
        return ActivationStore.Open([.. info.ShardsOf(hook.Name).Select(shard => folder.ResultsPath(shard.File))]);
    }

    private WorkbenchException Disagreement(HarvestInfo info, HarvestHook hook, long expected)
    {
        return new WorkbenchException(
            $"The shards of {hook.Name} hold {info.Rows} rows where the corpus gives {expected}; delete {folder.Path} and harvest again.");
    }

    private void WriteStatistics(HarvestInfo info, ProgressReporter progress, CancellationToken cancellation)
    {
        var statistics = new List<ActivationStatistics>();
        foreach (HarvestHook hook in info.Hooks)
        {
            using ActivationStore store = Open(info, hook);
            if (store.Rows != info.Rows)
            {
                throw Disagreement(info with { Rows = store.Rows }, hook, info.Rows);
            }

            statistics.Add(ActivationStatistics.Of(
                hook.Name,
                store,
                done => progress.Report("statistics", (statistics.Count * info.Rows) + done, info.Rows * info.Hooks.Count, "rows", hook.Name),
                cancellation));
        }

        AtomicFile.WriteJson(
            folder.ResultsPath(HarvestStatistics.FileName),
            new HarvestStatistics(HarvestStatistics.CurrentFormatVersion, statistics),
            environment.Files);
    }
}
