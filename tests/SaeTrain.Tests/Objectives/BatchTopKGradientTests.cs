using TorchSharp;
using Workbench.SaeTrain.Objectives.Selection;
using Workbench.SaeTrain.Recipes.Crosscoders;
using Workbench.SaeTrain.Recipes.SaeLens.Matryoshka;
using Workbench.SaeTrain.Recipes.SaeLens.TopK;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Tests.Objectives;

public sealed class BatchTopKGradientTests
{
    private const double K = 3.3;
    private const double Coefficient = 0.7;
    private static readonly int s_kept = (int)(K * ObjectiveCase.Rows);

    [Fact]
    public void Batch_top_k_equals_its_dense_formula()
    {
        using var problem = new ObjectiveCase();
        var options = new SaeLensBatchTopKOptions { K = K, AuxLossCoefficient = Coefficient };
        using var sut = new SaeLensBatchTopKObjective(problem.Own, options, 1, ObjectiveCase.DeadSteps, ScalarType.Float32);
        problem.Silence(sut.Counters);

        problem.Compare(sut, Dense(problem, problem.Norm));
    }

    [Fact]
    public void A_crosscoder_selects_by_the_sum_of_its_hooks_norms()
    {
        using var problem = new ObjectiveCase();
        var options = new SaeLensBatchTopKOptions { K = K, AuxLossCoefficient = 0 };
        using var sut = new CrosscoderObjective(
            problem.Own, options, ["a", "b"], [new HookScale(3, 1), new HookScale(5, 1)], ObjectiveCase.DeadSteps, ScalarType.Float32);
        Tensor norm = problem.Dense.Decoder.narrow(1, 0, 3).pow(2).sum(1).sqrt() + problem.Dense.Decoder.narrow(1, 3, 5).pow(2).sum(1).sqrt();

        Tensor hidden = problem.PreActivations * norm;
        Tensor reconstruction = (ObjectiveCase.Largest(hidden.relu(), s_kept) / norm).mm(problem.Dense.Decoder) + problem.Dense.DecoderBias;
        problem.Compare(sut, (reconstruction - problem.X).pow(2).sum(-1).mean());
    }

    [Theory]
    [InlineData(false, "equal")]
    [InlineData(true, "equal")]
    [InlineData(true, "1/G")]
    public void Nested_prefixes_equal_their_dense_formula(bool levels, string weights)
    {
        using var problem = new ObjectiveCase();
        int[] lengths = [5, 17, ObjectiveCase.Latents];
        SaeLensMatryoshkaOptions options = Options(levels, weights);
        using var sut = new SaeLensMatryoshkaObjective(
            problem.Own, options, new FixedPrefixes(lengths), 1, ObjectiveCase.DeadSteps, ScalarType.Float32);
        problem.Silence(sut.Counters);

        problem.Compare(sut, Nested(problem, lengths, levels, weights));
    }

    [Fact]
    public void Random_prefixes_equal_the_dense_formula_of_the_step_s_draw()
    {
        using var problem = new ObjectiveCase();
        const long step = 7;
        var prefixes = new RandomPrefixes(4, ObjectiveCase.Latents, seed: 3);
        using var sut = new SaeLensMatryoshkaObjective(
            problem.Own, Options(levels: false, "1/G"), prefixes, 1, ObjectiveCase.DeadSteps, ScalarType.Float32);
        problem.Silence(sut.Counters);

        problem.Compare(sut, Nested(problem, [.. prefixes.At(step)], levels: false, "1/G"), step);
    }

    [Fact]
    public void Random_prefixes_depend_on_seed_and_step_alone_and_end_with_all_latents()
    {
        var sut = new RandomPrefixes(6, 1000, seed: 1);
        int[][] draws = [.. Enumerable.Range(0, 2000).Select(step => sut.At(step).ToArray())];

        draws.ShouldAllBe(draw => draw.Length == 6 && draw[5] == 1000 && draw.SequenceEqual(draw.Distinct().Order()));
        sut.At(77).ShouldBe(new RandomPrefixes(6, 1000, seed: 1).At(77));
        sut.At(77).ShouldNotBe(sut.At(78));
        sut.At(77).ShouldNotBe(new RandomPrefixes(6, 1000, seed: 2).At(77));
        double[] inner = [.. draws.SelectMany(draw => draw.SkipLast(1)).Select(length => (double)length)];
        inner.Count(length => length <= 250).ShouldBeInRange((int)(0.48 * inner.Length), (int)(0.52 * inner.Length));
    }

    [Theory]
    [InlineData(2.5, 60)]
    [InlineData(0.5, 12)]
    [InlineData(39.9, 957)]
    public void Exactly_so_many_of_the_largest_entries_are_kept(double k, int expected)
    {
        using var problem = new ObjectiveCase();
        using var selector = new BatchLatentSelector(ScalarType.Float32);
        Tensor centred = (problem.X - problem.Own.DecoderBias).detach().contiguous();
        Tensor bias = problem.Own.EncoderBias.detach() + 100;

        LatentEntries entries = selector.Choose(centred, problem.Own.Encoder, bias, null, (long)Math.Floor(k * ObjectiveCase.Rows));

        Tensor dense = centred.mm(problem.Own.Encoder.detach().t()) + bias;
        entries.Rows.shape[0].ShouldBe(expected);
        Tensor places = (entries.Rows * ObjectiveCase.Latents) + entries.Latents;
        Tensor largest = dense.reshape(-1).topk(expected).indexes.sort().Values;
        places.Equals(largest).ShouldBeTrue();
    }

    [Fact]
    public void Candidates_in_bfloat16_are_decided_in_float32()
    {
        using var problem = new ObjectiveCase();
        using var narrow = new BatchLatentSelector(ScalarType.BFloat16);
        using var wide = new BatchLatentSelector(ScalarType.Float32);
        Tensor centred = (problem.X - problem.Own.DecoderBias).detach().contiguous();

        LatentEntries actual = narrow.Choose(centred, problem.Own.Encoder, problem.Own.EncoderBias, problem.Norm.detach(), s_kept);
        LatentEntries expected = wide.Choose(centred, problem.Own.Encoder, problem.Own.EncoderBias, problem.Norm.detach(), s_kept);

        actual.Rows.Equals(expected.Rows).ShouldBeTrue();
        actual.Latents.Equals(expected.Latents).ShouldBeTrue();
    }

    private static SaeLensMatryoshkaOptions Options(bool levels, string weights)
    {
        return new SaeLensMatryoshkaOptions
        {
            K = K, AuxLossCoefficient = Coefficient, MatryoshkaWidths = [ObjectiveCase.Latents], UseMatryoshkaAuxLoss = levels, PrefixWeights = weights,
        };
    }

    private static Tensor Dense(ObjectiveCase problem, Tensor norm)
    {
        Tensor hidden = problem.PreActivations * norm;
        Tensor reconstruction = (ObjectiveCase.Largest(hidden.relu(), s_kept) / norm).mm(problem.Dense.Decoder) + problem.Dense.DecoderBias;
        Tensor residual = problem.X - reconstruction;
        return residual.pow(2).sum(-1).mean() + problem.Auxiliary(hidden, residual, problem.DeadMask, Coefficient);
    }

    private static Tensor Nested(ObjectiveCase problem, int[] lengths, bool levels, string weights)
    {
        Tensor hidden = problem.PreActivations * problem.Norm;
        Tensor latents = ObjectiveCase.Largest(hidden.relu(), s_kept) / problem.Norm;
        Tensor total = zeros([]);
        for (int level = 0; level < lengths.Length; level++)
        {
            int length = lengths[level];
            Tensor residual = problem.X - (latents.narrow(1, 0, length).mm(problem.Dense.Decoder.narrow(0, 0, length)) + problem.Dense.DecoderBias);
            total += residual.pow(2).sum(-1).mean() / (weights == "equal" ? 1 : lengths.Length);
            int first = levels && level > 0 ? lengths[level - 1] : 0;
            Tensor mask = problem.DeadMask * arange(ObjectiveCase.Latents).ge(first) * arange(ObjectiveCase.Latents).lt(length);
            bool charged = levels ? mask.sum().item<float>() > 0 : level == lengths.Length - 1;
            total += charged ? problem.Auxiliary(hidden, residual, mask, Coefficient) : zeros([]);
        }

        return total;
    }
}
