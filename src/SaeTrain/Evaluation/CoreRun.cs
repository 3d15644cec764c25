using System.Globalization;
using TorchSharp;
using Workbench.Activations;
using Workbench.Dictionaries;
using Workbench.Models;
using Workbench.Numerics;
using Workbench.SaeTrain.Indexing;
using Workbench.Workspaces;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Evaluation;

/// <summary>Evaluates a dictionary on the held-out text of its harvest's corpus.</summary>
internal sealed class CoreRun(CoreRequest request, IProgressSink? sink, TimeProvider time)
{
    private const string ResultName = "core.json";
    private const string PerLatentSet = "latents";

    private static readonly Intervention[] s_headlinePasses = [Intervention.Reconstruction, Intervention.Zero, Intervention.Mean];

    private readonly Workspace _workspace = new(request.Workspace);

    /// <exception cref="OperationCanceledException">Stopped by the user.</exception>
    /// <exception cref="WorkbenchException">The run cannot start or failed.</exception>
    public CoreResult Execute(CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        Device device = ComputeDevice.Resolve(request.Device);
        using IndexedDictionary subject = IndexedDictionary.Open(_workspace, request.Dictionary, request.Harvest, device);
        CoreConfig config = Describe(subject, device);
        string folder = subject.Run.ResultsPath("evaluations");
        string path = Path.Combine(folder, ResultName);
        if (File.Exists(path) && WorkbenchJson.Read<CoreResult>(path) is var before && WorkbenchJson.AreSame(before.Config, config))
        {
            return before with { AlreadyComplete = true };
        }

        var run = new RunFolder(Path.Combine(folder, "core"), time);
        _workspace.EnsureWritable();
        using IDisposable held = run.Lock();
        run.Start(new RunManifest
        {
            Tool = "saetrain",
            Verb = "evaluate core",
            Id = request.Dictionary,
            Config = WorkbenchJson.Element(config),
            Inputs = new Dictionary<string, string> { ["dictionary"] = config.WeightsHash, ["model"] = config.ModelHash, ["corpus"] = config.CorpusHash },
        });
        return run.Guard(() =>
        {
            var progress = new PhaseProgress(new ProgressReporter(run, time, sink), time);
            CoreResult result = Evaluate(subject, config, device, progress, cancellation) with { Seconds = time.GetElapsedTime(start).TotalSeconds };
            AtomicFile.WriteJson(path, result);
            run.Finish(RunState.Complete);
            return result;
        });
    }

    private CoreConfig Describe(IndexedDictionary subject, Device device)
    {
        HarvestInfo harvest = subject.Harvest.Info;
        return new CoreConfig
        {
            Dictionary = request.Dictionary,
            WeightsHash = subject.Dictionary.WeightsHash,
            Hook = subject.Reads.Name,
            Hooks = subject.Reads.Count == 1 ? null : [.. subject.Reads.Points.Select(point => point.Name)],
            OutputHook = subject.Dictionary.Rows.Config.IsTranscoder ? Writes(subject).Name : null,
            Harvest = harvest.Id,
            Model = harvest.Model,
            ModelHash = harvest.ModelHash,
            TokenizerHash = harvest.TokenizerHash,
            Corpus = harvest.Corpus,
            CorpusHash = harvest.CorpusHash,
            Context = harvest.Context,
            Bos = harvest.Bos,
            ExcludedLeading = harvest.ExcludedLeading,
            TokensWanted = request.Tokens,
            AllPasses = request.AllPasses,
            Precision = MatrixPrecisions.Name(MatrixPrecisions.Resolve(request.Precision, device)),
        };
    }

    private static JoinedHooks Writes(IndexedDictionary subject)
    {
        return subject.Dictionary.Writes ?? throw new WorkbenchException(
            $"Dictionary {subject.Run.Id} writes to '{subject.Dictionary.Dictionary.Outputs[0].Hook}', which is no hook point here; import it with --output-hook.");
    }

    private CoreResult Evaluate(IndexedDictionary subject, CoreConfig config, Device device, PhaseProgress progress, CancellationToken cancellation)
    {
        HeldOutWindows text = OpenText(subject);
        List<int[]> windows = text.Take(request.Tokens);
        using LanguageModel model = subject.LoadModel(request.Model, _workspace, device, request.Precision);
        TokenBatch[] batches = [.. TokenBatch.Cut(windows, text.Counts, model.Config.VocabularySize)];
        long total = batches.Sum(batch => (long)batch.Rows.Length);
        var passes = new CorePasses(model, subject.Dictionary);
        using Tensor mean = Mean(passes, batches, config, Writes(subject).Width, total, progress, cancellation);
        Intervention[] interventions = request.AllPasses ? [.. Enum.GetValues<Intervention>().Except([Intervention.Clean])] : s_headlinePasses;
        CoreMetricSet[] sets =
        [
            .. CoreMetricSets.Names
                .Where(name => name != PerLatentSet || request.AllPasses)
                .Select(name => CoreMetricSets.Create(name, subject.Dictionary, [Intervention.Clean, .. interventions]))
                .Select(set => request.AllPasses ? set : set with { Metrics = set.Metrics.Where(metric => !metric.Value.IsDiagnostic).ToDictionary() }),
        ];
        long done = 0;
        foreach (TokenBatch batch in batches)
        {
            cancellation.ThrowIfCancellationRequested();
            using CoreBatch seen = passes.Run(batch, mean, interventions);
            Array.ForEach(sets, set => set.Add(seen));
            done += batch.Rows.Length;
            progress.Report("evaluate", done, total);
        }

        (int dead, string from) = DeadLatents.Count(subject, model, progress.Report, cancellation);
        Dictionary<string, CoreSetResult> values = sets
            .Where(set => set.Metrics.Count > 0)
            .ToDictionary(set => set.Name, set => new CoreSetResult(set.Definition, set.Values()));
        return new CoreResult
        {
            Config = config,
            Headline = Headline(values, dead, subject.Dictionary),
            Definitions = CoreHeadline.DefinitionsFor(subject.Dictionary),
            Tokens = total,
            Windows = windows.Count,
            Batches = batches.Length,
            DeadFrom = from,
            Sets = values,
            Seconds = 0,
        };
    }

    private HeldOutWindows OpenText(IndexedDictionary subject)
    {
        return HarvestOrigin.OpenHeldOut(subject.Harvest.Info, subject.FindModel(request.Model, _workspace));
    }

    private static Tensor Mean(
        CorePasses passes, TokenBatch[] batches, CoreConfig config, int width, long total, PhaseProgress progress, CancellationToken cancellation)
    {
        Tensor sums = zeros(width, ScalarType.Float64);
        long done = 0;
        foreach (TokenBatch batch in batches)
        {
            cancellation.ThrowIfCancellationRequested();
            passes.AddActivations(batch, sums);
            done += batch.Rows.Length;
            progress.Report("mean", done, total);
        }

        return sums.div_(total);
    }

    private static CoreHeadline Headline(Dictionary<string, CoreSetResult> sets, int dead, AttachedDictionary dictionary)
    {
        double Of(string set, string metric) => Convert.ToDouble(sets[set].Values[metric], CultureInfo.InvariantCulture);
        return new CoreHeadline
        {
            Fvu = Of(CoreMetricSets.Headline, "fvu"),
            FvuByHook = sets[CoreMetricSets.Headline].Values.GetValueOrDefault(CoreMetricSets.FvuByHook) is IReadOnlyList<double> shares
                ? dictionary.Writes!.Points.Zip(shares).ToDictionary(pair => pair.First.Name, pair => pair.Second)
                : null,
            ActiveLatents = Of("saelens", "l0"),
            DeadLatents = dead,
            DeadShare = (double)dead / dictionary.Latents,
            CeClean = Of("baselines", "ce_clean"),
            CeSae = Of("saelens", "ce_loss_with_sae"),
            CeZeroAblation = Of("baselines", "ce_zero_ablation"),
            CeMeanAblation = Of("baselines", "ce_mean_ablation_masked"),
            CeRecovered = Of("saelens", "ce_loss_score"),
            CeRecoveredMeanAblation = Of(CoreMetricSets.Headline, "ce_recovered_mean_ablation"),
        };
    }
}
