using System.Text.Json;
using Workbench.Harvest.Pretraining;
using Workbench.Models.Weights;
using Workbench.Numerics;
using Workbench.Testing;

namespace Workbench.Harvest.Tests.Pretraining;

public sealed class PretrainRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pretrain-").FullName;

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
    }

    private PretrainOptions Options()
    {
        string corpus = Path.Combine(_folder, "corpus.txt");
        if (!File.Exists(corpus))
        {
            var random = new Random(7);
            string[] words = ["alpha", "beta", "gamma", "delta", "returns", "the", "value", "of", "null"];
            File.WriteAllText(corpus, string.Join("\n\n", Enumerable.Range(0, 600).Select(_ => string.Join(' ', Enumerable.Range(0, 30).Select(_ => words[random.Next(words.Length)])))));
        }

        return new PretrainOptions
        {
            Corpus = corpus, Vocabulary = 300, Layers = 2, Width = 32, Heads = 2, Intermediate = 48, Context = 32, Batch = 4, MicroBatch = 2, Steps = 24, WarmupSteps = 4,
        };
    }

    private PretrainResult Run(string name, CancellationToken cancellation = default)
    {
        var files = new PretrainFiles(Path.Combine(_folder, name), null);
        return PretrainRun.Open(files, Options(), MatrixPrecision.Float32, TextWriter.Null).Execute("<|endoftext|>", cancellation);
    }

    [Fact]
    public void An_interrupted_run_resumes_to_the_same_weights()
    {
        PretrainResult whole = Run("whole");
        var stops = new InterruptAfterSteps(5);
        for (bool finished = false; !finished;)
        {
            using var source = new CancellationTokenSource();
            var files = new PretrainFiles(Path.Combine(_folder, "parts"), null);
            PretrainRun run = PretrainRun.Open(files, Options(), MatrixPrecision.Float32, TextWriter.Null);
            run.StepDone = stops.Watch(source);
            try
            {
                run.Execute("<|endoftext|>", source.Token);
                finished = true;
            }
            catch (OperationCanceledException)
            {
                File.Exists(files.State).ShouldBeTrue();
            }
        }

        stops.Count.ShouldBeGreaterThan(1);
        File.ReadAllBytes(Path.Combine(_folder, "parts", "model.safetensors")).ShouldBe(File.ReadAllBytes(Path.Combine(_folder, "whole", "model.safetensors")));
        whole.Steps.ShouldBe(24);
    }

    [Fact]
    public void Training_lowers_the_held_out_loss_below_that_of_equal_odds()
    {
        Run("loss").HeldOutLoss.ShouldBeLessThan(Math.Log(300) - 1);
    }

    [Fact]
    public void A_complete_run_is_left_as_it_is()
    {
        Run("done");
        DateTime written = File.GetLastWriteTimeUtc(Path.Combine(_folder, "done", "model.safetensors"));

        Run("done").Steps.ShouldBe(24);

        File.GetLastWriteTimeUtc(Path.Combine(_folder, "done", "model.safetensors")).ShouldBe(written);
    }

    [Fact]
    public void Other_options_than_those_of_the_unfinished_run_are_refused()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Should.Throw<OperationCanceledException>(() => Run("other", source.Token));
        var files = new PretrainFiles(Path.Combine(_folder, "other"), null);

        WorkbenchException refusal = Should.Throw<WorkbenchException>(() => PretrainRun.Open(files, Options() with { Seed = 9 }, MatrixPrecision.Float32, TextWriter.Null));

        refusal.Message.ShouldContain(files.State);
    }

    [Fact]
    [Trait("Category", "Golden")]
    public void The_files_have_the_fields_and_names_of_a_Hugging_Face_Llama_with_tied_embeddings()
    {
        string reference = Golden.Cases(Golden.Require("lm"), "config.json").First(IsTiedLlama);
        JsonElement expected = Golden.Json(reference, "config.json");
        Run("names");

        JsonElement found = Golden.Json(_folder, "names", "config.json");
        found.EnumerateObject().Select(p => p.Name).ShouldBe(expected.EnumerateObject().Select(p => p.Name), ignoreOrder: true);
        found.GetProperty("architectures")[0].GetString().ShouldBe(expected.GetProperty("architectures")[0].GetString());
        found.GetProperty("rope_parameters").EnumerateObject().Select(p => p.Name).ShouldBe(
            expected.GetProperty("rope_parameters").EnumerateObject().Select(p => p.Name), ignoreOrder: true);

        IEnumerable<string> names = SafetensorsFile.Open(Path.Combine(_folder, "names", "model.safetensors")).Names;
        IEnumerable<string> weights = SafetensorsFile.Open(Path.Combine(reference, "model.safetensors")).Names.Where(n => !n.EndsWith(".bias", StringComparison.Ordinal));
        names.Select(AnyLayer).Distinct().Order(StringComparer.Ordinal).ShouldBe(weights.Select(AnyLayer).Distinct().Order(StringComparer.Ordinal));
    }

    private static bool IsTiedLlama(string folder)
    {
        JsonElement config = Golden.Json(folder, "config.json");
        return config.GetProperty("model_type").GetString() == "llama" && config.GetProperty("tie_word_embeddings").GetBoolean();
    }

    private static string AnyLayer(string name)
    {
        return System.Text.RegularExpressions.Regex.Replace(name, @"\.\d+\.", ".L.");
    }
}
