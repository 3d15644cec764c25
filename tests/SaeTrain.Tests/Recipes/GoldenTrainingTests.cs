using System.Text.Json;
using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Models.Weights;
using Workbench.SaeTrain.Fused;
using Workbench.SaeTrain.Fused.Lanes;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Backends;
using Workbench.SaeTrain.Training.Optimization;
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
    private const double ScheduleTolerance = 1e-9;
    private const double Nothing = 1e-12;

    public static IEnumerable<TheoryDataRow<string>> Runs()
    {
        string root = Path.Combine(Golden.Root, "train");
        return Directory.Exists(root)
            ? Golden.Cases(root, "config.json").Where(HasRecipe).Select(folder => new TheoryDataRow<string>(Path.GetFileName(folder)))
            : [new TheoryDataRow<string>(string.Empty)];
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Every_loss_and_weight_of_a_reference_run_comes_out(string name)
    {
        Reproduce(name, (run, objective, optimizer) => new AutogradBackend(objective, optimizer, run.Config.ClipNorm, mean: null));
    }

    public static IEnumerable<TheoryDataRow<string, string>> FusedRuns()
    {
        return Runs().SelectMany(run => SimdPaths.Available.Where(_ => run.Data.Length == 0 || IsFused(run.Data)).Select(path => new TheoryDataRow<string, string>(run.Data, path.ToString())));
    }

    [Theory]
    [MemberData(nameof(FusedRuns))]
    public void Every_loss_and_weight_of_a_reference_run_comes_out_of_the_fused_kernels(string name, string path)
    {
        Reproduce(name, (run, objective, optimizer) => new FusedBackend(
            (IFusedObjective)objective, (AdamOptimizer)optimizer, run.Config.ClipNorm, mean: null, ScalarType.Float32, Enum.Parse<SimdPath>(path)));
    }

    private static bool IsFused(string name)
    {
        using var scope = NewDisposeScope();
        var run = new GoldenRun(Path.Combine(Golden.Root, "train", name));
        using ParameterSet parameters = run.Initial();
        using IOptimizer optimizer = run.Recipe.Optimizer(run.Config, parameters);
        using ITrainingObjective objective = run.Recipe.Objective(run.Config, parameters, run.Constants);
        return FusedRecipes.Refusal(objective, optimizer) is null;
    }

    private static void Reproduce(string name, Func<GoldenRun, ITrainingObjective, IOptimizer, ITrainingBackend> create)
    {
        using var scope = NewDisposeScope();
        var run = new GoldenRun(Golden.Require("train", name));
        SafetensorsFile batches = run.File("batches.safetensors");
        SafetensorsFile checkpoints = run.File("checkpoints.safetensors");
        JsonElement expected = Golden.Json(run.Folder, "losses.json");
        using ParameterSet parameters = run.Initial();
        using IOptimizer optimizer = run.Recipe.Optimizer(run.Config, parameters);
        using ITrainingObjective objective = run.Objective(parameters);
        using ITrainingBackend backend = create(run, objective, optimizer);
        var sut = new DictionaryTrainer(objective, optimizer, run.Recipe.LearningRate(run.Config), run.Constants, backend);
        int compared = 0;

        for (int step = 0; step < run.Config.Steps; step++)
        {
            StepReport report = sut.Step(run.Batch(batches, step))!;

            CompareNumbers(expected[step], report, $"{name}, step {step}");
            Dictionary<string, Tensor> checkpoint = run.Weights(checkpoints, $"step{step + 1}.");
            if (checkpoint.Count > 0)
            {
                CompareWeights(checkpoint, weight => parameters[weight], $"{name}, after step {step}");
                compared++;
            }
        }

        compared.ShouldBeGreaterThan(0);
        expected.GetArrayLength().ShouldBe((int)run.Config.Steps);
        CompareWeights(run.Weights(run.File("final.safetensors")), weight => parameters[weight], $"{name}, final");
        CompareOptimizer(run, optimizer, name);
        CompareInference(run, objective, optimizer, name);
    }

    private static bool HasRecipe(string folder)
    {
        return GoldenRun.Owner(Golden.Json(folder, "config.json").GetProperty("recipe").GetString()!) is not null;
    }

    /// <summary>Whatever the reference tells of a step must be told by the report, and no loss more.</summary>
    private static void CompareNumbers(JsonElement expected, StepReport report, string place)
    {
        foreach (JsonProperty number in expected.EnumerateObject())
        {
            (double actual, double tolerance) = number.Name switch
            {
                "step" => (report.Step, 0),
                "total" => (report.Total, LossTolerance),
                "grad_norm" => (report.GradientNorm, GradientTolerance),
                "lr" => (report.LearningRate, ScheduleTolerance),
                "l0" => (report.L0, LossTolerance),
                "n_dead" => (report.Dead, 0),
                _ => (Find(report, number.Name, place), LossTolerance),
            };
            if (number.Value.ValueKind == JsonValueKind.Number)
            {
                Close(number.Value.GetDouble(), actual, tolerance, $"{place}, {number.Name}");
            }
        }

        report.Losses.Keys.ShouldBeSubsetOf(expected.EnumerateObject().Select(number => number.Name), place);
    }

    private static double Find(StepReport report, string name, string place)
    {
        return report.Losses.TryGetValue(name, out double loss)
            ? loss
            : report.Readings.TryGetValue(name, out double reading)
                ? reading
                : throw new InvalidOperationException($"{place}: the report has no '{name}'");
    }

    private static void Close(double expected, double actual, double tolerance, string what)
    {
        bool close = Math.Abs(expected) < Nothing ? Math.Abs(actual) < Nothing : Math.Abs(actual - expected) <= tolerance * Math.Abs(expected);
        Assert.True(close, $"{what}: expected {expected:R}, found {actual:R}");
    }

    private static void CompareWeights(Dictionary<string, Tensor> expected, Func<string, Tensor> actual, string place)
    {
        expected.ShouldNotBeEmpty();
        foreach ((string name, Tensor value) in expected)
        {
            TensorAssert.CloseToScale(value, actual(name).detach(), WeightTolerance, $"{place}, {name}");
        }
    }

    private static void CompareOptimizer(GoldenRun run, IOptimizer optimizer, string name)
    {
        SafetensorsFile file = run.File("optimizer.safetensors");
        int compared = 0;
        foreach ((string suffix, string prefix) in new[] { (".exp_avg", "first_moment."), (".exp_avg_sq", "second_moment."), (".z", "z.") })
        {
            Dictionary<string, Tensor> expected = run.Weights(file, suffix: suffix);
            compared += expected.Count;
            if (expected.Count > 0)
            {
                CompareWeights(expected, weight => optimizer.State.Single(state => state.Name == prefix + weight).Value, $"{name}, {prefix}");
            }
        }

        compared.ShouldBe(file.Names.Count);
    }

    private static void CompareInference(GoldenRun run, ITrainingObjective objective, IOptimizer optimizer, string name)
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
            K = 1,
        };
        using var inference = (SparseAutoencoder)objective.ToInference(template, optimizer.ForInference);
        CompareWeights(run.Weights(run.File("inference.safetensors")), weight => InferenceWeight(inference, weight), $"{name}, inference");
    }

    private static Tensor InferenceWeight(SparseAutoencoder inference, string name)
    {
        return name switch
        {
            ParameterNames.Encoder => inference.EncoderWeight.t(),
            ParameterNames.EncoderBias => inference.EncoderBias,
            ParameterNames.Decoder => inference.DecoderWeight,
            ParameterNames.DecoderBias => inference.DecoderBias,
            ParameterNames.Threshold => inference.Threshold!,
            ParameterNames.Skip => inference.Weights.Skip!,
            ParameterNames.GateBias => inference.Weights.GateBias!,
            ParameterNames.MagnitudeScale => inference.Weights.MagnitudeScale!,
            ParameterNames.MagnitudeBias => inference.Weights.MagnitudeBias!,
            _ => throw new InvalidOperationException($"an autoencoder in inference form has no '{name}'"),
        };
    }
}
