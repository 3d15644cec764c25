using System.CommandLine;
using System.Globalization;
using Workbench.Commands;
using Workbench.Numerics;
using Workbench.SaeTrain.Benchmarking;
using Workbench.SaeTrain.Recipes;
using Workbench.SaeTrain.Training.Backends;

namespace Workbench.SaeTrain.Commands;

/// <summary><c>saetrain bench step</c>: a training step against the bare encoder product and the dense autograd step.</summary>
internal sealed class BenchStepCommand : ICliCommand
{
    private readonly Option<string> _recipe = new("--recipe") { Description = $"Whose step: {string.Join(", ", RecipeRegistry.All.Select(r => r.Name))}.", Required = true };
    private readonly Option<int> _width = new("--d") { Description = "Features of an activation.", DefaultValueFactory = _ => 768 };
    private readonly Option<int> _latents = new("--latents") { Description = "Number of latents.", DefaultValueFactory = _ => 16384 };
    private readonly Option<int> _k = new("--k") { Description = "Latents that are on in a row.", DefaultValueFactory = _ => 32 };
    private readonly Option<int> _batch = new("--batch") { Description = "Rows a step.", DefaultValueFactory = _ => 4096 };
    private readonly Option<int> _repeats = new("--repeats") { Description = "Timings of each, of which the median counts.", DefaultValueFactory = _ => 5 };
    private readonly Option<bool> _noDense = new("--no-dense") { Description = "Leave out the dense step, which needs several matrices of rows by latents." };
    private readonly Option<string> _precision = new("--precision") { Description = "auto, float32 or bfloat16 encoder product.", DefaultValueFactory = _ => "auto" };

    private readonly Option<string> _screen = new("--screen") { Description = "none, or int8: an int8 product proposes each row's entries; for recipes that choose k latents in every row.", DefaultValueFactory = _ => TrainingBackends.Unscreened };

    public Command Build()
    {
        return new Command("step", "The time of a training step as a multiple of the bare encoder product, beside the dense autograd step.")
            {
                _recipe, _width, _latents, _k, _batch, _repeats, _noDense, _precision, _screen,
            }
            .WithExample("saetrain bench step --recipe openai-topk --d 768 --latents 16384 --k 32 --batch 4096 --json")
            .Handle(Run);
    }

    private int Run(CommandCall call)
    {
        int repeats = call.Positive(_repeats);
        var request = new StepBenchmarkRequest(
            call.Get(_recipe), call.Positive(_width), call.Positive(_latents), call.Positive(_k), call.Positive(_batch), MatrixPrecisions.Parse(call.Get(_precision)), Screens(call.Get(_screen)));
        using var benchmark = new StepBenchmark(request);
        StepBenchmarkResult result = benchmark.Measure(repeats, !call.Get(_noDense));
        call.Write(result, () => Describe(result));
        return ExitCodes.Success;
    }

    private static bool Screens(string screen)
    {
        return screen switch
        {
            TrainingBackends.Unscreened => false,
            TrainingBackends.ScreenedByInt8 => true,
            _ => throw new UsageException($"--screen '{screen}' is not known; expected none or int8."),
        };
    }

    private static string Describe(StepBenchmarkResult result)
    {
        FormattableString head = $"{result.Recipe}, {result.Backend}: d {result.Width}, {result.Latents:N0} latents, {result.Batch:N0} rows, {result.ActiveLatents:f1} on; {result.Precision}, {result.Simd}, {result.Threads} threads, median of {result.Repeats}";
        List<string> lines = [FormattableString.Invariant(head), Line("encoder product", 1, result.ProductSeconds)];
        lines.Add(Line("step", result.StepToProduct, result.StepSeconds));
        lines.AddRange(result.Parts.Select(part => Line($"  {part.Key}", part.Value, part.Value * result.ProductSeconds)));
        if (result.ClippingToProduct is double clipping)
        {
            lines.Add(Line("  of it, clipping", clipping, clipping * result.ProductSeconds));
        }

        if (result.DenseToProduct is double dense)
        {
            lines.Add(Line("dense autograd step", dense, result.DenseSeconds!.Value));
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{"the step is faster by",-24}{result.DenseToStep,8:f2}"));
        }

        return string.Join(Environment.NewLine, lines);
    }

    private static string Line(string name, double ratio, double seconds)
    {
        return string.Create(CultureInfo.InvariantCulture, $"{name,-24}{ratio,8:f3} products {seconds * 1000,9:f1} ms");
    }
}
