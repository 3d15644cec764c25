using System.CommandLine;
using System.Globalization;
using TorchSharp;
using Workbench.Commands;
using Workbench.Harvest.Pretraining;
using Workbench.Numerics;
using Workbench.Text.Corpora;
using static TorchSharp.torch;

namespace Workbench.Harvest.Commands;

/// <summary><c>harvest pretrain</c>: trains a small Llama on a corpus.</summary>
internal sealed class PretrainCommand : ICliCommand
{
    private const string Separator = "<|endoftext|>";
    private static readonly PretrainOptions s_default = new();

    private readonly Option<string> _corpus = new("--corpus") { Description = $"{CorpusRegistry.Known}.", DefaultValueFactory = _ => s_default.Corpus };
    private readonly Option<string> _out = new("--out") { Description = "Folder of the model.", Required = true };
    private readonly Option<double> _minutes = new("--minutes") { Description = "Training time.", DefaultValueFactory = _ => s_default.Minutes };
    private readonly Option<int?> _steps = new("--steps") { Description = "Steps in all; by default --minutes decides." };
    private readonly Option<int> _seed = new("--seed") { Description = "Seed of initialisation and order.", DefaultValueFactory = _ => s_default.Seed };
    private readonly Option<int> _layers = new("--layers") { Description = "Blocks.", DefaultValueFactory = _ => s_default.Layers };
    private readonly Option<int> _width = new("--width") { Description = "Width of the residual stream.", DefaultValueFactory = _ => s_default.Width };
    private readonly Option<int> _heads = new("--heads") { Description = "Attention heads.", DefaultValueFactory = _ => s_default.Heads };
    private readonly Option<int> _intermediate = new("--intermediate") { Description = "Width of the feed-forward layer.", DefaultValueFactory = _ => s_default.Intermediate };
    private readonly Option<int> _vocabulary = new("--vocabulary") { Description = "Tokens of the byte-level BPE vocabulary.", DefaultValueFactory = _ => s_default.Vocabulary };
    private readonly Option<int> _context = new("--context") { Description = "Tokens a sequence.", DefaultValueFactory = _ => s_default.Context };
    private readonly Option<int> _batch = new("--batch") { Description = "Sequences a step.", DefaultValueFactory = _ => s_default.Batch };
    private readonly Option<int> _microBatch = new("--micro-batch") { Description = "Sequences computed at once.", DefaultValueFactory = _ => s_default.MicroBatch };
    private readonly Option<double> _matrixRate = new("--matrix-rate") { Description = "Peak learning rate of the hidden matrices (Muon).", DefaultValueFactory = _ => s_default.MatrixRate };
    private readonly Option<double> _vectorRate = new("--vector-rate") { Description = "Peak learning rate of embedding and norms (AdamW).", DefaultValueFactory = _ => s_default.VectorRate };
    private readonly Option<string> _precision = new("--precision") { Description = "auto, float32 or bfloat16 matrix products.", DefaultValueFactory = _ => "auto" };
    private readonly Option<string?> _keep = new("--keep-checkpoints") { Description = "Folder that keeps the model at log-spaced steps." };

    public Command Build()
    {
        var command = new Command("pretrain", "Trains a small Llama with a vocabulary of its own on a corpus; the same line again resumes.")
        {
            _corpus, _out, _minutes, _steps, _seed, _layers, _width, _heads, _intermediate, _vocabulary, _context, _batch, _microBatch, _matrixRate, _vectorRate, _precision, _keep,
        };
        return command.WithExample("harvest pretrain --corpus dotnet-docs --out models/docs-lm --minutes 120").Handle(Run);
    }

    private int Run(CommandCall call)
    {
        PretrainOptions options = Options(call);
        options.Validate();
        var files = new PretrainFiles(call.Get(_out), call.Find(_keep));
        PretrainRun run = PretrainRun.Open(files, options, MatrixPrecisions.Parse(call.Get(_precision)), call.Error);
        PretrainResult result = run.Execute(Separator, call.Cancellation);
        call.Write(result, () => string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Folder}: {result.Parameters:N0} weights, {result.Tokens:N0} tokens in {result.Seconds:N0} s, held-out loss {result.HeldOutLoss:f3} nats per token, {result.HeldOutLossPerByte:f3} per byte."));
        return ExitCodes.Success;
    }

    private PretrainOptions Options(CommandCall call)
    {
        return new PretrainOptions
        {
            Corpus = call.Get(_corpus),
            Minutes = call.Get(_minutes),
            Steps = call.Find(_steps),
            Seed = call.Get(_seed),
            Layers = call.Get(_layers),
            Width = call.Get(_width),
            Heads = call.Get(_heads),
            Intermediate = call.Get(_intermediate),
            Vocabulary = call.Get(_vocabulary),
            Context = call.Get(_context),
            Batch = call.Get(_batch),
            MicroBatch = call.Get(_microBatch),
            MatrixRate = call.Get(_matrixRate),
            VectorRate = call.Get(_vectorRate),
        };
    }
}
