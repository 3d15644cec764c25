using System.Diagnostics;
using TorchSharp;
using Workbench.Models;
using Workbench.Numerics;

namespace Workbench.Harvest.Benchmarking;

/// <summary>Holds generation, one token at a time, against the time of reading the weights once from memory.</summary>
internal sealed class GenerateBenchmark : IDisposable
{
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(3);

    private readonly LanguageModel _model;
    private readonly int[] _prompt;
    private readonly int _tokens;
    private readonly MemoryReading _memory;

    /// <param name="model">The model.</param>
    /// <param name="promptTokens">Tokens that the model reads first.</param>
    /// <param name="tokens">Tokens to time.</param>
    /// <exception cref="WorkbenchException">They do not fit into the context.</exception>
    public GenerateBenchmark(LanguageModel model, int promptTokens, int tokens)
    {
        // The last token is chosen and never read.
        if (promptTokens + tokens > model.Config.ContextLength)
        {
            throw new WorkbenchException(
                $"--prompt-tokens {promptTokens} and --tokens {tokens} together pass the model's context of {model.Config.ContextLength}; lower one.");
        }

        _model = model;
        _tokens = tokens;
        var random = new Random(0);
        _prompt = [.. Enumerable.Range(0, promptTokens).Select(_ => random.Next(model.Config.VocabularySize))];
        _memory = new MemoryReading();
    }

    /// <summary>Seconds from the first token, for which the prompt was read, to the last.</summary>
    public double Generate(CancellationToken cancellation)
    {
        var options = new GenerationOptions { MaxTokens = _tokens + 1, StopAtEos = false };
        long first = 0;
        foreach (GeneratedToken _ in new Generator(_model).Generate(_prompt, options, cancellation: cancellation))
        {
            first = first == 0 ? Stopwatch.GetTimestamp() : first;
        }

        return Stopwatch.GetElapsedTime(first).TotalSeconds;
    }

    /// <summary>Reads as much memory as the weights of one token take, as often as there are tokens.</summary>
    public void ReadMemory()
    {
        for (int i = 0; i < _tokens; i++)
        {
            _memory.Read(_model.TokenWeightBytes);
        }
    }

    public GenerateBenchmarkResult Measure(int repeats, CancellationToken cancellation)
    {
        // The runtime compiles what is called often a second time, in the background.
        long start = Stopwatch.GetTimestamp();
        do
        {
            _ = Generate(cancellation);
        }
        while (Stopwatch.GetElapsedTime(start) < s_warmUp);

        long bytes = _model.TokenWeightBytes;
        var rounds = new List<(double TokensPerSecond, double BytesPerSecond)>();
        for (int i = 0; i < repeats; i++)
        {
            rounds.Add((_tokens / Generate(cancellation), _memory.BytesPerSecond()));
        }

        // A machine's memory is shared with others, so each round is held against what the memory gave right after it.
        double tokensPerSecond = Timings.Median(rounds.Select(round => round.TokensPerSecond));
        double rate = Timings.Median(rounds.Select(round => round.BytesPerSecond));
        return new GenerateBenchmarkResult(
            Timings.Median(rounds.Select(round => round.TokensPerSecond * bytes / round.BytesPerSecond)),
            MatrixPrecisions.Name(_model.ComputeType),
            bytes,
            tokensPerSecond,
            rate / bytes,
            tokensPerSecond * bytes / 1e9,
            rate / 1e9,
            _prompt.Length,
            _tokens,
            torch.get_num_threads(),
            repeats);
    }

    public void Dispose()
    {
        _memory.Dispose();
    }
}
