using System.CommandLine;
using System.Globalization;
using Workbench.Commands;
using Workbench.Harvest.Benchmarking;
using Workbench.Models;

namespace Workbench.Harvest.Commands;

/// <summary><c>harvest bench forward</c>: the forward pass against bare matrix products of the same shapes.</summary>
internal sealed class BenchForwardCommand : ICliCommand
{
    private readonly BenchModelOptions _model = new();
    private readonly Option<int> _layer = new("--layer") { Description = "Block at whose end the pass stops.", Required = true };
    private readonly Option<int> _context = new("--context") { Description = "Tokens a sequence.", DefaultValueFactory = _ => 128 };
    private readonly Option<int> _batch = new("--batch") { Description = "Sequences a pass; by default as many as make 2,048 tokens.", DefaultValueFactory = _ => 0 };
    private readonly Option<int> _repeats = new("--repeats") { Description = "Timings, of which the median counts.", DefaultValueFactory = _ => 7 };

    public Command Build()
    {
        return _model.AddTo(new Command("forward", "Share of the rate of bare matrix products that a forward pass to a hook reaches.")
            {
                _layer, _context, _batch, _repeats,
            })
            .WithExample("harvest bench forward --model docs-lm --layer 3 --context 128")
            .Handle(Run);
    }

    private int Run(CommandCall call)
    {
        int context = call.Positive(_context);
        int repeats = call.Positive(_repeats);
        int batch = call.Get(_batch) == 0 ? Math.Max(1, 2048 / context) : call.Positive(_batch);
        using LanguageModel model = _model.Load(call);
        using var benchmark = new ForwardBenchmark(model, call.Get(_layer), context, batch);
        ForwardBenchmarkResult result = benchmark.Measure(repeats, call.Cancellation);
        call.Write(result, () => string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Share:P0} of the rate of its matrix products ({result.ShareWithAttention:P0} with those of attention): {result.ForwardGflops:N0} of {result.ProductGflops:N0} GFLOP/s ({result.Products}) in {result.Precision}, {result.TokensPerSecond:N0} tokens/s to {result.Hook} ({result.Tokens:N0} tokens of context {result.Context}, {result.Threads} threads, median of {result.Repeats})."));
        return ExitCodes.Success;
    }
}
