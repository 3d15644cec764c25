using Workbench.Models;
using Workbench.Models.Weights;
using Workbench.Numerics;
using Workbench.Testing;

namespace Workbench.Shared.Tests.Models;

public sealed class GeneratorTests : IDisposable
{
    private static readonly int[] s_prompt = [5, 9, 31];
    private readonly TemporaryFolder _folder = new();
    private readonly LoadedModel _loaded;

    public GeneratorTests()
    {
        _loaded = ModelLoader.Load(new TinyModel { Context = 32 }.Write(_folder.At("model")), new ModelLoadOptions { Precision = MatrixPrecision.Float32 });
    }

    public void Dispose()
    {
        _loaded.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_same_seed_gives_the_same_tokens_and_another_seed_others()
    {
        GenerationOptions options = new() { MaxTokens = 20, Temperature = 20, Seed = 3, StopAtEos = false };
        int[] first = Ids(options);
        Ids(options).ShouldBe(first);
        Ids(options with { Seed = 4 }).ShouldNotBe(first);
        first.ShouldNotBe(Ids(options with { Temperature = 0 }));
    }

    [Fact]
    public void One_candidate_by_count_or_by_probability_is_the_greedy_one()
    {
        GenerationOptions greedy = new() { MaxTokens = 12, StopAtEos = false };
        int[] expected = Ids(greedy);
        Ids(greedy with { Temperature = 2, TopK = 1 }).ShouldBe(expected);
        Ids(greedy with { Temperature = 2, TopP = 1e-9 }).ShouldBe(expected);
    }

    [Fact]
    public void A_stop_token_ends_the_text_and_is_not_returned()
    {
        GenerationOptions options = new() { MaxTokens = 12, StopAtEos = false };
        int[] whole = Ids(options);
        int stop = whole[5];
        Ids(options with { StopIds = [stop] }).ShouldBe(whole.TakeWhile(id => id != stop));
    }

    [Fact]
    public void The_text_ends_at_the_models_context()
    {
        Ids(new GenerationOptions { MaxTokens = 1000, StopAtEos = false }).Length.ShouldBe(32 - s_prompt.Length + 1);
    }

    [Fact]
    public void Cancelling_stops_between_two_tokens()
    {
        using var cancel = new CancellationTokenSource();
        int made = 0;
        Should.Throw<OperationCanceledException>(() =>
        {
            foreach (GeneratedToken token in new Generator(_loaded.Model).Generate(s_prompt, new GenerationOptions { StopAtEos = false }, cancellation: cancel.Token))
            {
                if (++made == 3)
                {
                    cancel.Cancel();
                }
            }
        });
        made.ShouldBe(3);
    }

    [Fact]
    public void A_token_reads_all_weights_of_a_model_that_ties_its_embedding()
    {
        SafetensorsFile file = SafetensorsFile.Open(Path.Combine(_loaded.Path, "model.safetensors"));
        _loaded.Model.TokenWeightBytes.ShouldBe(file.Names.Sum(name => file.Info(name).Shape.Aggregate((long)sizeof(float), (product, size) => product * size)));
    }

    [Fact]
    public void Hooks_are_told_the_position_in_the_whole_text()
    {
        var seen = new List<(int First, long Columns)>();
        var hook = new Hook(HookPoint.Parse("blocks.1.hook_resid_post"), (value, context) =>
        {
            seen.Add((context.FirstPosition, value.shape[1]));
            return null;
        });
        _ = new Generator(_loaded.Model).Generate(s_prompt, new GenerationOptions { MaxTokens = 3, StopAtEos = false }, [hook]).ToArray();
        seen.ShouldBe([(0, 3), (3, 1), (4, 1)]);
    }

    [Fact]
    public void Sampling_follows_the_probabilities_of_the_candidates()
    {
        float[] logits = [MathF.Log(0.5f), MathF.Log(0.3f), MathF.Log(0.15f), MathF.Log(0.05f)];
        Frequencies(logits, new GenerationOptions { Temperature = 1 }).ShouldBe([0.5, 0.3, 0.15, 0.05], 0.02);
        Frequencies(logits, new GenerationOptions { Temperature = 1, TopK = 2 }).ShouldBe([0.625, 0.375, 0, 0], 0.02);
        Frequencies(logits, new GenerationOptions { Temperature = 1, TopP = 0.9 }).ShouldBe([0.5 / 0.95, 0.3 / 0.95, 0.15 / 0.95, 0], 0.02);
        Frequencies(logits, new GenerationOptions { Temperature = 0.5 }).ShouldBe([0.25 / 0.365, 0.09 / 0.365, 0.0225 / 0.365, 0.0025 / 0.365], 0.02);
    }

    [Theory]
    [InlineData(7, 1)]
    [InlineData(0, 0.5)]
    [InlineData(200, 0.9)]
    public void Candidates_are_those_that_a_whole_sort_would_give(int topK, double topP)
    {
        const int Vocabulary = 3000;
        var random = new Random(2);
        float[] logits = [.. Enumerable.Range(0, Vocabulary).Select(_ => (float)(4 * random.NextDouble()))];
        double[] weights = [.. logits.Select(logit => Math.Exp(logit / 0.5))];
        int[] order = [.. Enumerable.Range(0, Vocabulary).OrderByDescending(id => weights[id]).Take(topK == 0 ? Vocabulary : topK)];
        double enough = topP * order.Sum(id => weights[id]);
        double reached = 0;
        int[] expected = [.. order.TakeWhile(id => reached < enough && (reached += weights[id]) > 0)];

        var sampler = new TokenSampler(new GenerationOptions { Temperature = 0.5, TopK = topK, TopP = topP });
        int[] found = [.. Enumerable.Range(0, 40 * expected.Length).Select(_ => sampler.Choose(logits).Id).Distinct()];
        found.Except(expected).ShouldBeEmpty();
        found.Length.ShouldBeGreaterThan(expected.Length * 9 / 10);
    }

    [Fact]
    public void The_log_probability_is_that_of_the_untouched_distribution()
    {
        float[] logits = [1, 3, 2];
        (int id, double logProbability) = new TokenSampler(new GenerationOptions { Temperature = 5, TopK = 1 }).Choose(logits);
        id.ShouldBe(1);
        logProbability.ShouldBe(-Math.Log(1 + Math.Exp(-1) + Math.Exp(-2)), 1e-9);
    }

    [Fact]
    public void Logits_that_are_not_numbers_and_options_out_of_range_are_refused()
    {
        Should.Throw<WorkbenchException>(() => new TokenSampler(new GenerationOptions()).Choose([1, float.NaN]));
        Should.Throw<UsageException>(() => new GenerationOptions { Temperature = -1 }.Validate()).Message.ShouldContain("temperature");
        Should.Throw<UsageException>(() => new GenerationOptions { TopP = 0 }.Validate()).Message.ShouldContain("top-p");
        Should.Throw<WorkbenchException>(() => new Generator(_loaded.Model).Generate([], new GenerationOptions())).Message.ShouldContain("prompt");
        Should.Throw<WorkbenchException>(() => new Generator(_loaded.Model).Generate(new int[33], new GenerationOptions())).Message.ShouldContain("context");
    }

    private static double[] Frequencies(float[] logits, GenerationOptions options)
    {
        const int Draws = 20_000;
        var sampler = new TokenSampler(options);
        double[] counts = new double[logits.Length];
        for (int i = 0; i < Draws; i++)
        {
            counts[sampler.Choose(logits).Id] += 1.0 / Draws;
        }

        return counts;
    }

    private int[] Ids(GenerationOptions options)
    {
        return [.. new Generator(_loaded.Model, _loaded.Tokenizer).Generate(s_prompt, options).Select(token => token.Id)];
    }
}
