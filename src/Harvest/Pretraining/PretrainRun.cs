using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using Workbench.Numerics;
using Workbench.Text.Corpora;
using Workbench.Text.Tokenizers;
using Workbench.Workspaces;
using static TorchSharp.torch;

namespace Workbench.Harvest.Pretraining;

/// <summary>One pretraining run from corpus to model folder: started, resumed, or found complete.</summary>
internal sealed class PretrainRun
{
    private static readonly TimeSpan s_reportEvery = TimeSpan.FromSeconds(10);

    private readonly PretrainFiles _files;
    private readonly PretrainState _state;
    private readonly TextWriter _log;
    private long _reported;

    private PretrainRun(PretrainFiles files, PretrainState state, TextWriter log)
    {
        _files = files;
        _state = state;
        _log = log;
    }

    /// <summary>Told the number of steps done after each of them.</summary>
    public Action<long>? StepDone { get; set; }

    /// <summary>Finds the state of an earlier start, or begins anew with what this machine resolves to.</summary>
    /// <exception cref="WorkbenchException">The folder holds a run with other options.</exception>
    public static PretrainRun Open(PretrainFiles files, PretrainOptions options, MatrixPrecision precision, TextWriter log)
    {
        PretrainState fresh = new()
        {
            Options = options,
            Precision = MatrixPrecisions.Name(MatrixPrecisions.Resolve(precision, CPU)),
            Threads = get_num_threads(),
        };
        PretrainState state = PretrainState.TryRead(files.State) ?? fresh;
        if (!state.Options.TrainsAs(options))
        {
            throw new WorkbenchException($"{files.State} belongs to a run with other options ({state.Options}); use those, or another --out.");
        }

        return new PretrainRun(files, state with { Options = options }, log);
    }

    public PretrainResult Execute(string separator, CancellationToken cancellation)
    {
        if (_state.Step == 0 && File.Exists(Path.Combine(_files.Folder, "model.safetensors")))
        {
            return Result(_files.LastEntry() ?? throw new WorkbenchException($"{_files.Folder} holds a model but no training.jsonl; use another --out."));
        }

        set_num_threads(_state.Threads);
        ICorpus corpus = CorpusRegistry.Open(_state.Options.Corpus);
        PretrainData data = Data(corpus, separator);
        _log.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{corpus.Name} {corpus.Hash[..12]}: {data.Train.Count:N0} tokens to train on, {data.HeldOut.Count:N0} held out; {_state.Precision} products, {_state.Threads} threads, from step {_state.Step}."));
        ScalarType product = MatrixPrecisions.Resolve(MatrixPrecisions.Parse(_state.Precision), CPU);
        using (var trainer = new Pretrainer(_files, data, _state, product, Report))
        {
            trainer.Run(cancellation);
        }

        File.Delete(_files.State);
        return Result(_files.LastEntry()!);
    }

    private PretrainResult Result(PretrainLogEntry last)
    {
        using var parameters = new LlamaParameters(_state.Options);
        return new PretrainResult(_files.Folder, parameters.Count, last.Step, last.Tokens, last.Seconds, last.HeldOutLoss, last.HeldOutLossPerByte);
    }

    private PretrainData Data(ICorpus corpus, string separator)
    {
        if (!File.Exists(_files.Tokenizer))
        {
            var trainer = new BpeTrainer();
            foreach (Document document in corpus.Documents(CorpusSplit.Train))
            {
                trainer.Add(document.Text);
            }

            BpeTokenizerFile.Write(_files.Tokenizer, trainer.Train(_state.Options.Vocabulary, [separator]));
        }

        TextTokenizer tokenizer = TokenizerLoader.FromJson(_files.Tokenizer);
        return PretrainData.Create(corpus, text => tokenizer.Encode(text), _state.Options.Context);
    }

    private void Report(PretrainState state, string? message)
    {
        if (message is null)
        {
            StepDone?.Invoke(state.Step);
        }

        if (message is null && Stopwatch.GetElapsedTime(_reported) < s_reportEvery)
        {
            return;
        }

        _reported = Stopwatch.GetTimestamp();
        double tokens = (double)state.Step * state.Options.Batch * state.Options.Context;
        string of = state.LastStep is { } last ? $" of {last}" : string.Empty;
        _log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"step {state.Step}{of}, {tokens / 1e6:f2} M tokens, {tokens / state.Seconds:N0} tokens/s, {state.Seconds / 60:f1} of {state.Options.Minutes:f0} min {message}"));
    }
}
