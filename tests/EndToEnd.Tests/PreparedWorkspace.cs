using TorchSharp;
using Workbench.Activations;
using Workbench.Dictionaries;
using Workbench.Features;
using Workbench.Models;
using Workbench.Testing;
using Workbench.Text.Tokenizers;
using Workbench.Workspaces;

namespace Workbench.EndToEnd.Tests;

/// <summary>
/// A small workspace of valid files: a random model of single-byte tokens, a harvest over a few sentences, a random
/// dictionary at its first layer and a random crosscoder over both, and for each an index of made-up activations over those sentences.
/// </summary>
internal static class PreparedWorkspace
{
    public const string Dictionary = "small";
    public const string Crosscoder = "across";
    public const string Harvest = "sentences";
    private const string Hook = "blocks.0.hook_resid_post";
    private const string LaterHook = "blocks.1.hook_resid_post";
    private const int Width = 32;
    private const int Latents = 64;

    private static readonly string[] s_sentences =
    [
        "Opens an existing encrypted file for reading.",
        "The key must be derived from a password.",
        "A value that contains the name of the user, or null.",
        "Gets or sets a value that indicates whether the thread is alive.",
        "Returns the offset from UTC of this time zone.",
        "Represents a method that handles an event.",
        "Thrown when the argument is null.",
        "Initializes a new instance of the class.",
    ];

    public static void Write(string root)
    {
        var workspace = new Workspace(root);
        string model = new TinyModel { Width = Width, Context = 256 }.Write(Path.Combine(workspace.ModelsFolder, "tiny"));
        ModelFiles files = ModelFiles.Find(model);
        TextTokenizer tokenizer = ModelLoader.LoadTokenizer(files);
        int[][] sequences = [.. s_sentences.Select(sentence => tokenizer.Encode(sentence))];
        WriteHarvest(workspace, files, tokenizer, sequences);
        using SparseAutoencoder dictionary = Autoencoder(Hook, Width);
        using var crosscoder = new Crosscoder([new DictionarySite(Hook, Width), new DictionarySite(LaterHook, Width)], Autoencoder($"{Hook} + {LaterHook}", 2 * Width));
        FeatureIndexInfo info = SyntheticFeatureIndex.Info with
        {
            Latents = Latents,
            Hook = Hook,
            Harvest = Harvest,
            Model = files.Name,
            ModelHash = files.Hash,
            TokenizerHash = tokenizer.Hash,
            Corpus = "sentences",
            Context = sequences.Max(sequence => sequence.Length),
        };
        WriteDictionary(workspace.DictionaryFolder(Dictionary), dictionary, info, sequences, tokenizer.VocabularySize);
        IndexedHook[] hooks = [new(Hook, Width, 1.5), new(LaterHook, Width, 3)];
        WriteDictionary(
            workspace.DictionaryFolder(Crosscoder), crosscoder, info with { Hook = $"{Hook} + {LaterHook}", Hooks = hooks }, sequences, tokenizer.VocabularySize);
    }

    private static void WriteHarvest(Workspace workspace, ModelFiles model, TextTokenizer tokenizer, int[][] sequences)
    {
        RunFolder run = workspace.HarvestFolder(Harvest);
        Directory.CreateDirectory(run.Path);
        run.Start(new RunManifest { Tool = "harvest", Verb = "run", Id = Harvest, Config = WorkbenchJson.Element(new { hook = Hook }) });
        long rows = sequences.Sum(sequence => (long)sequence.Length);
        using (var table = new SequenceTableWriter(run.Path))
        using (var documents = new DocumentTableWriter(run.Path))
        {
            long first = 0;
            foreach ((int number, int[] tokens) in sequences.Index())
            {
                table.Add(number, tokens, first, 0);
                documents.Add(new DocumentEntry(number, $"Sentences.Number{number}", new Dictionary<string, string> { ["namespace"] = "Sentences" }, "train", number, 1));
                first += tokens.Length;
            }

            table.Complete();
            documents.Complete();
        }

        AtomicFile.WriteJson(run.ResultsPath(HarvestInfo.FileName), new HarvestInfo(
            HarvestInfo.CurrentFormatVersion, Harvest, model.Name, model.Path, model.Hash, tokenizer.Hash, "sentences", ContentHash.OfText("sentences"),
            [new HarvestHook(Hook, Width)], sequences.Max(sequence => sequence.Length), "never", 0, StorageType.Float16, "float32", rows,
            sequences.Length, sequences.Length, 0, []));
        run.Finish(RunState.Complete);
    }

    private static void WriteDictionary(RunFolder run, ILatentModel dictionary, FeatureIndexInfo info, int[][] sequences, int vocabulary)
    {
        Directory.CreateDirectory(run.Path);
        run.Start(new RunManifest { Tool = "saetrain", Verb = "train", Id = run.Id, Config = WorkbenchJson.Element(new { recipe = "openai-topk" }) });
        DictionaryLoader.Save(dictionary, run.Path);
        run.Finish(RunState.Complete);
        string index = run.ResultsPath(Path.Combine("indexes", Harvest));
        SyntheticFeatureIndex.Write(index, info with { Dictionary = run.Id, WeightsHash = dictionary.WeightsHash }, sequences, vocabulary);
    }

    private static SparseAutoencoder Autoencoder(string hook, int width)
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor directions = torch.nn.functional.normalize(torch.randn(Latents, width, generator: new torch.Generator(3)), dim: 1);
        var config = new SparseAutoencoderConfig { Architecture = SparseArchitecture.TopK, Width = width, Latents = Latents, K = 4, Hook = hook };
        return new SparseAutoencoder(config, directions.t(), torch.zeros(Latents), directions, torch.zeros(width));
    }
}
