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

    private readonly string _hook;
    private readonly string _harvestId;

    public TinyHarvest(string hook, string harvestId)
    {
        _hook = hook;
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
        int width = loaded.Model.Config.Width;
        var header = new ShardHeader(loaded.Name, loaded.Hash, _hook, width, loaded.Tokenizer.Hash, "always", Context, _harvestId);
        var shards = new List<HarvestShard>();
        using var shard = new ShardWriter(Folder, header, new ShardLayout(500, 100), StorageType.Float16);
        using var sequences = new SequenceTableWriter(Folder);
        using var documents = new DocumentTableWriter(Folder);
        long row = 0;
        foreach (Document document in corpus.Documents(CorpusSplit.Train))
        {
            long first = sequences.Count;
            foreach (int[] part in loaded.Tokenizer.Encode(document.Text).Chunk(Context - 1))
            {
                int[] window = [loaded.Tokenizer.BosId!.Value, .. part];
                Append(loaded.Model, shard, shards, window, document.Id, sequences.Count);
                sequences.Add(document.Id, window, row, Excluded);
                row += window.Length - Excluded;
            }

            documents.Add(new DocumentEntry(document.Id, document.Name, document.Labels, "train", first, (int)(sequences.Count - first)));
        }

        if (shard.FinishShard() is HarvestShard last)
        {
            shards.Add(last);
        }

        sequences.Complete();
        documents.Complete();
        AtomicFile.WriteJson(Path.Combine(Folder, HarvestInfo.FileName), new HarvestInfo(
            HarvestInfo.CurrentFormatVersion, _harvestId, loaded.Name, loaded.Path, loaded.Hash, loaded.Tokenizer.Hash, corpusPath, corpus.Hash,
            [new HarvestHook(_hook, width)], Context, "always", Excluded, StorageType.Float16, "float32", row, sequences.Count, documents.Count, 0, shards));
    }

    private void Append(LanguageModel model, ShardWriter shard, List<HarvestShard> shards, int[] window, long document, long sequence)
    {
        using var scope = NewDisposeScope();
        float[] values = [];
        var read = new Hook(HookPoint.Parse(_hook), (value, _) =>
        {
            values = MemoryMarshal.Cast<byte, float>(value[0].narrow(0, Excluded, window.Length - Excluded).contiguous().bytes).ToArray();
            return null;
        });
        _ = model.Forward(tensor(Array.ConvertAll(window, id => (long)id)).unsqueeze(0), [read], stopAtLastHook: true);
        int width = model.Config.Width;
        int rows = window.Length - Excluded;
        for (int done = 0; done < rows;)
        {
            int count = Math.Min(shard.Room, rows - done);
            shard.Append(new ActivationRows(
                values.AsSpan(done * width, count * width),
                window.AsSpan(Excluded + done, count),
                Enumerable.Repeat(document, count).ToArray(),
                Enumerable.Repeat(sequence, count).ToArray(),
                Enumerable.Range(Excluded + done, count).ToArray()));
            done += count;
            if (shard.Room == 0)
            {
                shards.Add(shard.FinishShard()!);
            }
        }
    }
}
