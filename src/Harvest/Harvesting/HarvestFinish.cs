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
    private const string Split = "train";

    public HarvestInfo Write(
        HarvestPlan plan, IReadOnlyList<HarvestShard> shards, ProgressReporter progress, CancellationToken cancellation)
    {
        (long rows, long sequences, long documents) = WriteTables(plan, progress, cancellation);
        HarvestInfo info = Describe(rows, sequences, documents, shards);
        WriteStatistics(info, progress, cancellation);
        AtomicFile.WriteJson(folder.ResultsPath(HarvestInfo.FileName), info, environment.Files);
        return info;
    }

    private (long Rows, long Sequences, long Documents) WriteTables(
        HarvestPlan plan, ProgressReporter progress, CancellationToken cancellation)
    {
        using var sequences = new SequenceTableWriter(folder.Path, environment.Files);
        using var documents = new DocumentTableWriter(folder.Path, environment.Files);
        Document? document = null;
        long firstSequence = 0;
        long rows = 0;
        foreach (HarvestSequence sequence in plan.Sequences())
        {
            cancellation.ThrowIfCancellationRequested();
            if (document is not null && sequence.Document.Id != document.Id)
            {
                documents.Add(Entry(document, firstSequence, sequence.Index));
                firstSequence = sequence.Index;
            }

            document = sequence.Document;
            sequences.Add(document.Id, sequence.Tokens, sequence.FirstRow, sequence.KeptFrom);
            rows = sequence.EndRow;
            progress.Report("tables", rows, config.Request.Tokens, "tokens");
        }

        documents.Add(Entry(document!, firstSequence, sequences.Count));
        (long Rows, long Sequences, long Documents) counts = (rows, sequences.Count, documents.Count);
        sequences.Complete();
        documents.Complete();
        return counts;
    }

    private static DocumentEntry Entry(Document document, long firstSequence, long endSequence)
    {
        return new DocumentEntry(
            document.Id, document.Name, document.Labels, Split, firstSequence, (int)(endSequence - firstSequence), document.Text);
    }

    private HarvestInfo Describe(long rows, long sequences, long documents, IReadOnlyList<HarvestShard> shards)
    {
        HarvestRequest request = config.Request;
        HarvestSettings resolved = config.Resolved;
        HarvestHook[] hooks = [.. request.Hooks.Zip(resolved.Widths, (name, width) => new HarvestHook(name, width))];
        return new HarvestInfo(
            HarvestInfo.CurrentFormatVersion, folder.Id, inputs.ModelName, inputs.ModelPath, inputs.ModelHash,
            inputs.Tokenizer.Hash, request.Corpus, inputs.Corpus.Hash, hooks, request.Context, resolved.Bos,
            resolved.ExcludedLeading, request.DType, resolved.Precision, rows, sequences, documents, request.Seed,
            [.. hooks.SelectMany(hook => shards.Where(shard => shard.Hook == hook.Name).OrderBy(shard => shard.File, StringComparer.Ordinal))]);
    }

    private void WriteStatistics(HarvestInfo info, ProgressReporter progress, CancellationToken cancellation)
    {
        var statistics = new List<ActivationStatistics>();
        foreach (HarvestHook hook in info.Hooks)
        {
            string[] paths = [.. info.ShardsOf(hook.Name).Select(shard => folder.ResultsPath(shard.File))];
            using ActivationStore store = ActivationStore.Open(paths);
            if (store.Rows != info.Rows)
            {
                throw new WorkbenchException(
                    $"The shards of {hook.Name} hold {store.Rows} rows where the corpus gives {info.Rows}; delete {folder.Path} and harvest again.");
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
