using Workbench.Activations;
using Workbench.Dictionaries;
using Workbench.Features;
using Workbench.Models;
using Workbench.Numerics;
using Workbench.Workspaces;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Indexing;

/// <summary>
/// Makes the index of a dictionary over a harvest: one pass that spills sparse codes, then sweeps over those. Stopped in the
/// pass it starts again; stopped later it goes on from the codes.
/// </summary>
internal sealed class IndexRun(IndexRequest request, IProgressSink? sink, TimeProvider time, FileOpener? open = null)
{
    private readonly Workspace _workspace = new(request.Workspace);

    /// <exception cref="OperationCanceledException">Stopped by the user.</exception>
    /// <exception cref="WorkbenchException">The run cannot start or failed.</exception>
    public IndexResult Execute(CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        Device device = ComputeDevice.Resolve(request.Device);
        using IndexedDictionary subject = IndexedDictionary.Open(_workspace, request.Dictionary, request.Harvest, device);
        bool stored = subject.IsStored && !request.Replay;
        FeatureIndexInfo info = Describe(subject, stored, device);
        string folder = request.Folder ?? subject.IndexFolder;
        if (IsComplete(folder, info, out IndexResult? complete))
        {
            return complete!;
        }

        RefuseOtherSource(folder, info);
        var run = new RunFolder(folder, time);
        _workspace.EnsureWritable();
        using IDisposable held = run.Lock();
        run.Start(Manifest(run, info, subject));
        return run.Guard(() =>
        {
            var progress = new PhaseProgress(new ProgressReporter(run, time, sink), time);
            FeatureIndexInfo final = Make(folder, subject, info, stored, device, progress, cancellation);
            run.Finish(RunState.Complete);
            return Summary(folder, final, alreadyComplete: false, time.GetElapsedTime(start).TotalSeconds, progress.Seconds);
        });
    }

    private static IndexResult Summary(string folder, FeatureIndexInfo info, bool alreadyComplete, double seconds, IReadOnlyDictionary<string, double> phases)
    {
        using FeatureIndex index = FeatureIndex.Open(folder);
        int dense = Enumerable.Range(0, index.Latents).Count(latent => index.Flags(latent).HasFlag(FeatureFlags.Dense));
        return new IndexResult(
            info.Dictionary, info.Harvest, folder, alreadyComplete, index.Latents, index.Alive, index.Latents - index.Alive, dense, index.Tokens,
            index.Info.MeanActive, index.Info.Source, index.Info.Precision, seconds, phases, index.Info.RowsPerToken);
    }

    private static RunManifest Manifest(RunFolder run, FeatureIndexInfo info, IndexedDictionary subject)
    {
        return new RunManifest
        {
            Tool = "saetrain",
            Verb = "index",
            Id = run.Id,
            Config = WorkbenchJson.Element(info),
            Seed = info.Seed,
            Inputs = new Dictionary<string, string>
            {
                ["dictionary"] = info.WeightsHash,
                ["harvest"] = ContentHash.OfFile(Path.Combine(subject.Harvest.Folder, HarvestInfo.FileName)),
                ["model"] = info.ModelHash,
                ["tokenizer"] = info.TokenizerHash,
                ["corpus"] = info.CorpusHash,
            },
        };
    }

    private static bool IsComplete(string folder, FeatureIndexInfo wanted, out IndexResult? result)
    {
        result = null;
        if (Found(folder) is not { } found || !WorkbenchJson.AreSame(found with { MeanActive = 0 }, wanted))
        {
            return false;
        }

        result = Summary(folder, found, alreadyComplete: true, 0, new Dictionary<string, double>());
        return true;
    }

    private static FeatureIndexInfo? Found(string folder)
    {
        if (!FeatureIndex.Exists(folder))
        {
            return null;
        }

        using FeatureIndex index = FeatureIndex.Open(folder);
        return index.Info;
    }

    /// <summary>Refuses to replace an index of the same weights whose activations came from elsewhere, unless told to.</summary>
    private void RefuseOtherSource(string folder, FeatureIndexInfo wanted)
    {
        if (request.Overwrite || Found(folder) is not { } found || found.WeightsHash != wanted.WeightsHash || found.Source == wanted.Source)
        {
            return;
        }

        (string made, string asked) = wanted.Source == ActivationSource.Replay
            ? ("the stored activations", "replay the model")
            : ("a replay of the model", "read the stored activations");
        throw new WorkbenchException(
            $"{folder} holds a complete index made from {made}, and this run would {asked}; keep it, or give --overwrite to replace it.");
    }

    private FeatureIndexInfo Describe(IndexedDictionary subject, bool stored, Device device)
    {
        HarvestInfo harvest = subject.Harvest.Info;
        (int logits, string formula) = IndexHooks.Logits(subject.Dictionary);
        SparseAutoencoderConfig config = subject.Dictionary.Rows.Config;
        return new FeatureIndexInfo
        {
            Dictionary = request.Dictionary,
            WeightsHash = subject.Dictionary.WeightsHash,
            Architecture = WorkbenchJson.Element(config.Architecture).GetString()!,
            K = config.K,
            Latents = config.Latents,
            Hook = subject.Reads.Name,
            OutputHook = config.IsTranscoder ? subject.Dictionary.Dictionary.Outputs[0].Hook : null,
            Hooks = IndexHooks.Of(subject.Dictionary, subject.Harvest),
            RowsPerToken = subject.Dictionary.RowsPerToken,
            Harvest = harvest.Id,
            Model = harvest.Model,
            ModelHash = harvest.ModelHash,
            TokenizerHash = harvest.TokenizerHash,
            Corpus = harvest.Corpus,
            CorpusHash = harvest.CorpusHash,
            Tokens = harvest.Rows,
            Sequences = harvest.Sequences,
            Context = harvest.Context,
            Bos = harvest.Bos,
            ExcludedLeading = harvest.ExcludedLeading,
            Positions = harvest.Positions,
            Source = stored ? ActivationSource.Stored : ActivationSource.Replay,
            ActivationType = stored ? StoredType(subject) : "float32",
            Precision = MatrixPrecisions.Name(MatrixPrecisions.Resolve(request.Precision, device)),
            Seed = request.Seed,
            Logits = logits,
            LogitFormula = formula,
        };
    }

    private static string StoredType(IndexedDictionary subject)
    {
        using IActivationReader stored = StoredActivations.Of(subject.Harvest, subject.Reads);
        return stored.NumberType;
    }

    private FeatureIndexInfo Make(
        string folder, IndexedDictionary subject, FeatureIndexInfo info, bool stored, Device device, PhaseProgress progress, CancellationToken cancellation)
    {
        bool needsModel = info.Logits > 0 || !stored;
        using LanguageModel? model = needsModel ? subject.LoadModel(request.Model, _workspace, device, request.Precision) : null;
        progress.Report("load", 1, 1, "models");
        if (!HasCodes(folder, info))
        {
            Spill(folder, subject, info, stored, model, progress, cancellation);
        }

        using CodeTable codes = CodeTable.Open(folder, info.Latents);
        var sweeps = new CodeSweeps(codes, info, progress.Report, cancellation);
        sweeps.Run();
        DecoderGeometry.Run(subject.Dictionary, info, sweeps.Columns, request.Precision, progress.Report, cancellation);
        if (LogitEffects.Hook(subject.Dictionary) is { } hook)
        {
            using Tensor directions = subject.Dictionary.Directions(hook);
            LogitEffects.Run(model!, subject.Dictionary.Writes!.Points[hook], directions, info, sweeps.Columns, progress.Report, cancellation);
        }

        FeatureIndexInfo final = info with { MeanActive = info.Rows == 0 ? 0 : (double)sweeps.Columns.FireCount.Sum() / info.Rows };
        using var writer = new FeatureIndexWriter(folder, final, open);
        new ExampleSweep(codes, subject.Harvest.Sequences, sweeps, final, progress.Report, cancellation).Run(writer);
        writer.Complete(sweeps.Columns);
        progress.Report("write", 1, 1, "files");
        return final;
    }

    private void Spill(
        string folder, IndexedDictionary subject, FeatureIndexInfo info, bool stored, LanguageModel? model, PhaseProgress progress, CancellationToken cancellation)
    {
        SequenceTable sequences = subject.Harvest.Sequences;
        if (stored)
        {
            subject.VerifyShards(progress.Report, cancellation);
        }

        using IActivationReader activations = stored
            ? StoredActivations.Of(subject.Harvest, subject.Reads)
            : new ReplayedActivations(model!, subject.Reads, sequences);
        CodeSpill.Run(
            folder, info, activations, sequences, subject.Dictionary, request.Precision,
            done => progress.Report("encode", done, info.Tokens), cancellation, open);
    }

    private static bool HasCodes(string folder, FeatureIndexInfo info)
    {
        if (!CodeTable.Exists(folder))
        {
            return false;
        }

        using CodeTable codes = CodeTable.Open(folder, info.Latents);
        return codes.Key == info.CodesKey;
    }
}
