using System.Text.Json;
using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Models.Weights;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Tests.Recipes;

[Trait("Category", "Golden")]
public sealed class GoldenTrainingTests
{
    private const double WeightTolerance = 1e-4;
    private const double GradientTolerance = 1e-4;
    private const double LossTolerance = 1e-5;
    private const double Nothing = 1e-12;

    private static readonly string[] s_names = ["encoder", "encoder bias", "decoder", "decoder bias"];

    public static IEnumerable<TheoryDataRow<string>> Runs()
    {
        string root = Path.Combine(Golden.Root, "train");
        return Directory.Exists(root)
            ? Golden.Cases(root, "config.json").Where(GoldenRun.IsKnown).Select(folder => new TheoryDataRow<string>(Path.GetFileName(folder)))
            : [new TheoryDataRow<string>(string.Empty)];
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Every_loss_and_weight_of_a_reference_run_comes_out(string name)
    {
        using var scope = NewDisposeScope();
        var run = new GoldenRun(Golden.Require("train", name));
        SafetensorsFile batches = run.File("batches.safetensors");
        SafetensorsFile checkpoints = run.File("checkpoints.safetensors");
        JsonElement expected = Golden.Json(run.Folder, "losses.json");
        using DictionaryParameters parameters = run.Initial();
        using var optimizer = new AdamOptimizer(parameters, run.Config.Beta1, run.Config.Beta2, run.Config.Epsilon);
        using TopKObjective objective = run.Recipe.Objective(run.Config, parameters, run.ErrorScale);
        var schedule = new LearningRateSchedule(run.Config.LearningRate, run.Config.WarmUpSteps, run.Config.DecaySteps, run.Config.Steps);
        var sut = new DictionaryTrainer(objective, parameters, optimizer, schedule, run.Config.ClipNorm);
        int compared = 0;

        for (int step = 0; step < run.Config.Steps; step++)
        {
            StepReport report = sut.Step(batches.Load($"batch.{step}"), mean: null);

            CompareLosses(expected[step], report, $"{name}, step {step}");
            if (checkpoints.Names.Any(n => n.StartsWith($"step{step + 1}.", StringComparison.Ordinal)))
            {
                CompareWeights(run.Tensors(checkpoints, $"step{step + 1}."), [.. parameters.All.Select(p => p.Tensor)], $"{name}, after step {step}");
                compared++;
            }
        }

        compared.ShouldBeGreaterThan(0);
        expected.GetArrayLength().ShouldBe((int)run.Config.Steps);
        CompareWeights(run.Tensors(run.File("final.safetensors")), [.. parameters.All.Select(p => p.Tensor)], $"{name}, final");
        CompareWeights(run.Tensors(run.File("optimizer.safetensors"), suffix: ".exp_avg"), optimizer.FirstMoments, $"{name}, first moments");
        CompareWeights(run.Tensors(run.File("optimizer.safetensors"), suffix: ".exp_avg_sq"), optimizer.SecondMoments, $"{name}, second moments");
        CompareInference(run, objective, name);
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Gradients_by_gathered_rows_equal_those_of_a_dense_graph(string name)
    {
        using var scope = NewDisposeScope();
        var run = new GoldenRun(Golden.Require("train", name));
        Tensor x = run.File("batches.safetensors").Load("batch.0");
        using DictionaryParameters sparse = run.Initial();
        using DictionaryParameters dense = run.Initial();
        using TopKObjective objective = run.Recipe.Objective(run.Config with { RescaleByDecoderNorm = false }, sparse, run.ErrorScale);

        (Tensor pre, Tensor indices) = ((x - dense.DecoderBias).mm(dense.Encoder.t()) + dense.EncoderBias).topk(run.Config.K, -1);
        Tensor z = zeros(x.shape[0], run.Config.Latents).scatter(-1, indices, pre.relu());
        Tensor expected = z.mm(dense.Decoder) + dense.DecoderBias;
        (expected - x).pow(2).sum().backward();
        Tensor centred = (x - sparse.DecoderBias.detach()).contiguous();
        Tensor actual = SparseReconstruction.Of(ChosenPreActivations.Of(centred, sparse, indices).relu(), sparse.Decoder, indices) + sparse.DecoderBias;
        (actual - x).pow(2).sum().backward();

        TensorAssert.CloseToScale(expected, objective.Forward(x).Reconstruction, 1e-5, "reconstruction of the objective");
        TensorAssert.CloseToScale(expected, actual, 1e-5, "reconstruction");
        for (int i = 0; i < dense.All.Count; i++)
        {
            TensorAssert.CloseToScale(dense.All[i].Tensor.grad!, sparse.All[i].Tensor.grad!, 1e-5, dense.All[i].Name);
        }
    }

    private static void CompareLosses(JsonElement expected, StepReport report, string place)
    {
        Close(expected.GetProperty("total").GetDouble(), report.Total, LossTolerance, $"{place}, total");
        foreach ((string term, double value) in report.Losses)
        {
            Close(expected.GetProperty(term).GetDouble(), value, LossTolerance, $"{place}, {term}");
        }

        Close(expected.GetProperty("grad_norm").GetDouble(), report.GradientNorm, GradientTolerance, $"{place}, grad_norm");
        Close(expected.GetProperty("lr").GetDouble(), report.LearningRate, 1e-9, $"{place}, lr");
        Close(expected.GetProperty("l0").GetDouble(), report.L0, 1e-6, $"{place}, l0");
        report.Dead.ShouldBe(expected.GetProperty("n_dead").GetInt32(), $"{place}, n_dead");
        int named = expected.EnumerateObject().Count(p => p.Name.EndsWith("_loss", StringComparison.Ordinal));
        report.Losses.Count.ShouldBe(named, $"{place}: terms");
    }

    private static void Close(double expected, double actual, double tolerance, string what)
    {
        bool close = Math.Abs(expected) < Nothing ? Math.Abs(actual) < Nothing : Math.Abs(actual - expected) <= tolerance * Math.Abs(expected);
        Assert.True(close, $"{what}: expected {expected:R}, found {actual:R}");
    }

    private static void CompareWeights(Tensor[] expected, IReadOnlyList<Tensor> actual, string place)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            TensorAssert.CloseToScale(expected[i], actual[i].detach(), WeightTolerance, $"{place}, {s_names[i]}");
        }
    }

    private static void CompareInference(GoldenRun run, TopKObjective objective, string name)
    {
        if (!File.Exists(Path.Combine(run.Folder, "inference.safetensors")))
        {
            return;
        }

        var template = new SparseAutoencoderConfig
        {
            Architecture = SparseArchitecture.TopK,
            Width = run.Config.Width,
            Latents = run.Config.Latents,
            K = run.Config.K,
        };
        using SparseAutoencoder inference = objective.ToInference(template);
        Tensor[] expected = run.Tensors(run.File("inference.safetensors"));
        CompareWeights(expected, [inference.EncoderWeight.t(), inference.EncoderBias, inference.DecoderWeight, inference.DecoderBias], $"{name}, inference");
        inference.Config.RescaleByDecoderNorm.ShouldBe(run.Config.RescaleByDecoderNorm);
    }
}
