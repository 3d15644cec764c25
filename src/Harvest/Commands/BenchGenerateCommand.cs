using System.CommandLine;
using System.Globalization;
using Workbench.Commands;
using Workbench.Harvest.Benchmarking;
using Workbench.Models;

namespace Workbench.Harvest.Commands;

/// <summary><c>harvest bench generate</c>: generation against reading the weights once a token.</summary>
internal sealed class BenchGenerateCommand : ICliCommand
{
    private readonly BenchModelOptions _model = new();
    private readonly Option<int> _prompt = new("--prompt-tokens") { Description = "Tokens read before the first that is generated.", DefaultValueFactory = _ => 16 };
    private readonly Option<int> _tokens = new("--tokens") { Description = "Tokens generated after it.", DefaultValueFactory = _ => 64 };
    private readonly Option<int> _repeats = new("--repeats") { Description = "Timings, of which the median counts.", DefaultValueFactory = _ => 7 };

    public Command Build()
    {
        return _model.AddTo(new Command("generate", "Share of the rate that reading the weights once a token allows, at batch 1 with a cache of keys and values.")
            {
                _prompt, _tokens, _repeats,
            })
            .WithExample("harvest bench generate --model docs-lm --tokens 128")
            .Handle(Run);
    }

    private int Run(CommandCall call)
    {
        int repeats = call.Positive(_repeats);
        using LanguageModel model = _model.Load(call);
        using var benchmark = new GenerateBenchmark(model, call.Positive(_prompt), call.Positive(_tokens));
        GenerateBenchmarkResult result = benchmark.Measure(repeats, call.Cancellation);
        call.Write(result, () => string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Share:P0} of what reading the weights allows: {result.TokensPerSecond:N1} of {result.LimitTokensPerSecond:N1} tokens/s, {result.WeightGigabytesPerSecond:N1} of {result.MemoryGigabytesPerSecond:N1} GB/s, {result.WeightBytes / 1e6:N0} MB a token in {result.Precision} ({result.Tokens:N0} tokens after {result.PromptTokens:N0}, {result.Threads} threads, median of {result.Repeats})."));
        return ExitCodes.Success;
    }
}
