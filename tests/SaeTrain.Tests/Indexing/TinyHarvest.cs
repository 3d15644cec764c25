using System.Runtime.InteropServices;
using TorchSharp;
using Workbench.Activations;
using Workbench.Models;
using Workbench.Numerics;
using Workbench.Testing;
using Workbench.Text.Corpora;
using Workbench.Workspaces;
using static TorchSharp.torch;

namespace Workbench.SaeTrain.Tests.Indexing;

/// <summary>A harvest of a tiny model's real activations over a small text file, made once for all tests of a process.</summary>
internal sealed class TinyHarvest
{
    private const int Context = 24;
    private const int Excluded = 1;

    private readonly IReadOnlyList<string> _hooks;
    private readonly string _harvestId;

    public TinyHarvest(IReadOnlyList<string> hooks, string harvestId)
    {
        _hooks = hooks;
        _harvestId = harvestId;
        string root = Directory.CreateTempSubdirectory("tiny-harvest-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(root, recursive: true);
        Folder = Path.Combine(root, "harvest");
        ModelPath = new TinyModel().Write(Path.Combine(root, "tiny"));
        string corpusPath = Path.Combine(root, "corpus.txt");
        WriteCorpus(corpusPath);
        using LoadedModel model = ModelLoader.Load(ModelPath, new ModelLoadOptions { Precision = MatrixPrecision.Float32 });
        Width = model.Model.Config.Width;
        WriteHarvest(model, corpusPath, CorpusRegistry.Open(corpusPath));
    }

    public string Folder { get; }

    public string ModelPath { get; }

    public int Width { get; }

    private static void WriteCorpus(string corpusPath)
    {
        var random = new Random(5);
        string[] words = ["stream", "reads", "the", "bytes", "of", "a", "file", "and", "returns", "null", "where", "none", "is", "left"];
        IEnumerable<string> paragraphs = Enumerable.Range(0, 160)
            .Select(number => $"{number} " + string.Join(' ', Enumerable.Range(0, random.Next(2, 9)).Select(_ => words[random.Next(words.Length)])));
        File.WriteAllText(corpusPath, string.Join("\n\n", paragraphs));
    }

    private void WriteHarvest(LoadedModel loaded, string corpusPath, ICorpus corpus)
    {
        Directory.CreateDirectory(Folder);
        HarvestHook[] hooks = [.. _hooks.Select(hook => new HarvestHook(hook, loaded.Model.HookWidth(HookPoint.Parse(hook))))];
        List<HarvestShard>[] shards = [.. hooks.Select(_ => new List<HarvestShard>())];
        ShardWriter[] writers =
        [
            .. hooks.Select(hook => new ShardWriter(
                Folder,
                new ShardHeader(loaded.Name, loaded.Hash, hook.Name, hook.Width, loaded.Tokenizer.Hash, "always", Context, _harvestId),
                new ShardLayout(500, 100),
                StorageType.Float16)),
        ];
        using var sequences = new SequenceTableWriter(Folder);
        using var documents = new DocumentTableWriter(Folder);
        long row = 0;
        foreach (Document document in corpus.Documents(CorpusSplit.Train))
        {
            long first = sequences.Count;
            foreach (int[] part in loaded.Tokenizer.Encode(document.Text).Chunk(Context - 1))
            {
                int[] window = [loaded.Tokenizer.BosId!.Value, .. part];
                Append(loaded.Model, writers, shards, window, document.Id, sequences.Count);
                sequences.Add(document.Id, window, row, Excluded);
                row += window.Length - Excluded;
            }

            documents.Add(new DocumentEntry(document.Id, document.Name, document.Labels, "train", first, (int)(sequences.Count - first)));
        }

        foreach ((ShardWriter writer, List<HarvestShard> written) in writers.Zip(shards))
        {
            if (writer.FinishShard() is HarvestShard last)
            {
                written.Add(last);
            }

            writer.Dispose();
        }

        sequences.Complete();
        documents.Complete();
        AtomicFile.WriteJson(Path.Combine(Folder, HarvestInfo.FileName), new HarvestInfo(
            HarvestInfo.CurrentFormatVersion, _harvestId, loaded.Name, loaded.Path, loaded.Hash, loaded.Tokenizer.Hash, corpusPath, corpus.Hash,
            hooks, Context, "always", Excluded, StorageType.Float16, "float32", row, sequences.Count, documents.Count, 0, [.. shards.SelectMany(written => written)]));
        AtomicFile.WriteJson(Path.Combine(Folder, HarvestStatistics.FileName), new HarvestStatistics(
            HarvestStatistics.CurrentFormatVersion, [.. hooks.Select((hook, i) => Statistics(hook.Name, shards[i]))]));
    }

    private ActivationStatistics Statistics(string hook, List<HarvestShard> shards)
    {
        using ActivationStore store = ActivationStore.Open([.. shards.Select(shard => Path.Combine(Folder, shard.File))]);
        return ActivationStatistics.Of(hook, store);
    }

    private void Append(LanguageModel model, ShardWriter[] writers, List<HarvestShard>[] shards, int[] window, long document, long sequence)
    {
        HookPoint[] points = [.. _hooks.Select(HookPoint.Parse)];
        using var scope = NewDisposeScope();
        using var seen = new HookCapture(points);
        _ = model.Forward(tensor(Array.ConvertAll(window, id => (long)id)).unsqueeze(0), seen.Hooks, stopAtLastHook: true);
        int rows = window.Length - Excluded;
        for (int hook = 0; hook < writers.Length; hook++)
        {
            ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(seen[points[hook]][0].narrow(0, Excluded, rows).contiguous().bytes);
            int width = values.Length / rows;
            for (int done = 0; done < rows;)
            {
                int count = Math.Min(writers[hook].Room, rows - done);
                writers[hook].Append(new ActivationRows(
                    values.Slice(done * width, count * width),
                    window.AsSpan(Excluded + done, count),
                    Enumerable.Repeat(document, count).ToArray(),
                    Enumerable.Repeat(sequence, count).ToArray(),
                    Enumerable.Range(Excluded + done, count).ToArray()));
                done += count;
                if (writers[hook].Room == 0)
                {
                    shards[hook].Add(writers[hook].FinishShard()!);
                }
            }
        }
    }
}
