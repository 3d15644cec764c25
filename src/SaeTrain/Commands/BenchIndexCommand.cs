using System.CommandLine;
using System.Globalization;
using Workbench.Commands;
using Workbench.Numerics;
using Workbench.SaeTrain.Benchmarking;
using Workbench.SaeTrain.Indexing;

namespace Workbench.SaeTrain.Commands;

/// <summary><c>saetrain bench index</c>: a whole index against one pass of the model and the encoder.</summary>
internal sealed class BenchIndexCommand : ICliCommand
{
    private readonly Option<string> _workspace = new("--workspace") { Description = "Folder of the workspace.", Required = true };
    private readonly Option<string> _dictionary = new("--dictionary") { Description = "Id of the dictionary.", Required = true };
    private readonly Option<string?> _harvest = new("--harvest") { Description = "Id of the harvest; by default the one that the dictionary was trained on." };
    private readonly Option<string?> _model = new("--model") { Description = "Where the harvest's model is now, if it moved." };
    private readonly Option<int> _repeats = new("--repeats") { Description = "Timings of each, of which the median counts.", DefaultValueFactory = _ => 3 };
    private readonly Option<string> _precision = new("--precision") { Description = "auto, float32 or bfloat16 matrix products.", DefaultValueFactory = _ => "auto" };
    private readonly Option<string> _device = new("--device") { Description = "auto, cpu, cuda or cuda:n.", DefaultValueFactory = _ => "auto" };

    public Command Build()
    {
        return new Command("index", "The time of an index as a multiple of one pass: the model to the hook and one encoder product.")
            {
                _workspace, _dictionary, _harvest, _model, _repeats, _precision, _device,
            }
            .WithExample("saetrain bench index --workspace W --dictionary d1 --json")
            .Handle(Run);
    }

    private int Run(CommandCall call)
    {
        int repeats = call.Positive(_repeats);
        using var benchmark = new IndexBenchmark(new IndexRequest
        {
            Workspace = call.Get(_workspace),
            Dictionary = call.Get(_dictionary),
            Harvest = call.Find(_harvest),
            Model = call.Find(_model),
            Precision = MatrixPrecisions.Parse(call.Get(_precision)),
            Device = call.Get(_device),
        });
        IndexBenchmarkResult result = benchmark.Measure(repeats, call.Cancellation);
        call.Write(result, () => Describe(result));
        return ExitCodes.Success;
    }

    private static string Describe(IndexBenchmarkResult result)
    {
        string stored = result.StoredRatio is double ratio ? string.Create(CultureInfo.InvariantCulture, $", {ratio:f2} from stored activations") : string.Empty;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"An index of {result.Latents:N0} latents over {result.Tokens:N0} tokens takes {result.ReplayRatio:f2} passes with --replay{stored}; one pass is {result.PassSeconds:f2} s: {result.ForwardSeconds:f2} s to {result.Hook} and {result.ProductSeconds:f2} s for the encoder product ({result.ProductGflops:N0} GFLOP/s in {result.Precision}, {result.Threads} threads, median of {result.Repeats}).");
    }
}
