using System.Text.Json;
using Workbench.Activations;
using Workbench.Harvest.Harvesting;
using Workbench.Testing;
using Workbench.Workspaces;

namespace Workbench.Harvest.Tests.Harvesting;

/// <summary>A tiny model and a corpus of random sentences in a folder of their own.</summary>
internal sealed class HarvestSample : IDisposable
{
    private static readonly string[] s_words =
        ["returns", "the", "value", "of", "a", "string", "über", "whether", "this", "list", "is", "empty", "and", "null", "or", "名前"];

    private readonly TemporaryFolder _folder = new();

    public HarvestSample(TinyModel? model = null, int documents = 200, int seed = 3)
    {
        Model = (model ?? new TinyModel()).Write(_folder.At("tiny"));
        Corpus = _folder.At("corpus.jsonl");
        var random = new Random(seed);
        File.WriteAllLines(Corpus, Enumerable.Range(0, documents).Select(i => Line(i, random)));
    }

    public string Model { get; }

    public string Corpus { get; }

    public string At(params string[] parts)
    {
        return _folder.At(parts);
    }

    public HarvestRequest Request(long tokens = 1000)
    {
        return new HarvestRequest
        {
            Model = Model,
            Corpus = Corpus,
            Hooks = ["blocks.0.hook_resid_post", "blocks.1.mlp.hook_post"],
            Tokens = tokens,
            Context = 24,
            Batch = 7,
            ShardRows = 96,
            Precision = "float32",
        };
    }

    /// <summary>Every file of a harvest that must not depend on how often it was interrupted, with its hash.</summary>
    public static SortedDictionary<string, string> Fingerprint(string folder)
    {
        string[] dated = ["run.json", "progress.json", "log.txt", "run.lock"];
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => !dated.Contains(Path.GetFileName(file)))
            .ToDictionary(file => Path.GetRelativePath(folder, file), ContentHash.OfFile);
        return new SortedDictionary<string, string>(files, StringComparer.Ordinal);
    }

    public void Dispose()
    {
        _folder.Dispose();
    }

    private static string Line(int index, Random random)
    {
        string text = string.Join(' ', Enumerable.Range(0, random.Next(1, 20)).Select(_ => s_words[random.Next(s_words.Length)]));
        return JsonSerializer.Serialize(new { text = $"{index} {text}.", labels = new { kind = index % 3 == 0 ? "method" : "type" } });
    }
}
