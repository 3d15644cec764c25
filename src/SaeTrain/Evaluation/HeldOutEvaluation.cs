using System.Globalization;
using TorchSharp;
using Workbench.Activations;
using Workbench.Dictionaries;
using Workbench.Models;
using Workbench.Numerics;
using Workbench.SaeTrain.Evaluation.Metrics;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.HeldOut;
using Workbench.Workspaces;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Evaluation;

/// <summary>
/// Measures dictionaries in training on the first tokens of the held-out text by the definitions of <c>evaluate core</c>: one pass
/// of the model a measurement, since clean and zero-ablated passes are kept.
/// </summary>
internal sealed class HeldOutEvaluation : IHeldOutEvaluation, IDisposable
{
    private readonly LanguageModel _model;
    private readonly JoinedHooks _reads;
    private readonly JoinedHooks _writes;
    private readonly List<HeldOutBatch> _batches = [];

    private HeldOutEvaluation(LanguageModel model, JoinedHooks reads, JoinedHooks writes)
    {
        (_model, _reads, _writes) = (model, reads, writes);
    }

    /// <summary>Loads model and text, and does the passes that do not depend on the dictionary.</summary>
    /// <exception cref="WorkbenchException">Model, tokenizer, corpus or hook are not to be had.</exception>
    public static HeldOutEvaluation Open(Workspace workspace, HarvestInfo harvest, TrainingConfig config)
    {
        var reads = new JoinedHooks([.. config.Hooks.Select(HookPoint.Parse)], config.Hooks.Count == 1 ? [config.Width] : config.HookWidths);
        JoinedHooks writes = config.HookOut is null ? reads : new JoinedHooks([HookPoint.Parse(config.HookOut)], [config.OutputWidth]);
        ModelFiles files = HarvestOrigin.FindModel(harvest, config.Model, workspace);
        HeldOutWindows text = HarvestOrigin.OpenHeldOut(harvest, files);
        LanguageModel model = files.LoadModel(ComputeDevice.Resolve(config.Device));
        var evaluation = new HeldOutEvaluation(model, reads, writes);
        try
        {
            evaluation.RefuseOther(files.Name, reads);
            evaluation.RefuseOther(files.Name, writes);
            foreach (TokenBatch batch in TokenBatch.Cut(text.Take(config.EvaluateTokens), text.Counts, model.Config.VocabularySize))
            {
                evaluation.Add(batch);
            }

            return evaluation;
        }
        catch
        {
            evaluation.Dispose();
            throw;
        }
    }

    public HeldOutReport Measure(ILatentModel dictionary)
    {
        using var noGradient = no_grad();
        AttachedDictionary attached = AttachedDictionary.Attach(dictionary, "The dictionary in training");
        var share = new UnexplainedVariance();
        var byHook = new HookUnexplainedVariance(_writes);
        var active = new ActiveLatents();
        var recovered = new RecoveredCrossEntropy(Intervention.Reconstruction, Intervention.Zero);
        CrossEntropy[] losses = [new(Intervention.Reconstruction), new(Intervention.Clean), new(Intervention.Zero)];
        foreach (HeldOutBatch batch in _batches)
        {
            using var scope = NewDisposeScope();
            using CoreBatch seen = Pass(attached, batch);
            foreach (ICoreMetric metric in (ICoreMetric[])[share, byHook, active, recovered, .. losses])
            {
                metric.Add(seen);
            }
        }

        return new HeldOutReport(
            _batches.Sum(batch => (long)batch.Tokens.Rows.Length),
            Number(share),
            Number(active),
            Number(recovered),
            Number(losses[0]),
            Number(losses[1]),
            Number(losses[2]),
            _writes.Count == 1 ? null : byHook.Named());
    }

    public void Dispose()
    {
        foreach (HeldOutBatch batch in _batches)
        {
            batch.Seen.Dispose();
        }

        _model.Dispose();
    }

    private static double Number(ICoreMetric metric)
    {
        return Convert.ToDouble(metric.Value, CultureInfo.InvariantCulture);
    }

    private CoreBatch Pass(AttachedDictionary dictionary, HeldOutBatch batch)
    {
        Tensor rows = CorePasses.Counted(_reads, batch.Seen, batch.Tokens);
        Tensor targets = ReferenceEquals(_reads, _writes) ? rows : CorePasses.Counted(_writes, batch.Seen, batch.Tokens);
        SparseCode code = dictionary.Encode(rows);
        Tensor reconstruction = dictionary.Reconstruct(rows, code);
        IReadOnlyList<Hook> replaced = CorePasses.Put(_writes, hook => CorePasses.Put(batch.Seen[_writes.Points[hook]], _writes.Part(reconstruction, hook), batch.Tokens));
        Tensor logits = _model.Forward(Tokens(batch.Tokens), replaced)!;
        var passes = new Dictionary<Intervention, PositionLosses>
        {
            [Intervention.Clean] = batch.Clean,
            [Intervention.Zero] = batch.Zero,
            [Intervention.Reconstruction] = PositionLosses.Of(logits, null, batch.Tokens),
        };
        return CoreBatch.Of(dictionary, rows, targets, reconstruction, code, batch.Tokens, passes);
    }

    private void Add(TokenBatch batch)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor tokens = Tokens(batch);
        var seen = new HookCapture([.. _reads.Points, .. _writes.Points]);
        try
        {
            Tensor clean = _model.Forward(tokens, seen.Hooks)!;
            Tensor ablated = _model.Forward(tokens, CorePasses.Put(_writes, hook => zeros_like(seen[_writes.Points[hook]])))!;
            _batches.Add(new HeldOutBatch(batch, seen, PositionLosses.Of(clean, null, batch), PositionLosses.Of(ablated, null, batch)));
        }
        catch
        {
            seen.Dispose();
            throw;
        }
    }

    private void RefuseOther(string name, JoinedHooks hooks)
    {
        foreach ((HookPoint hook, int width) in hooks.Points.Zip(hooks.Widths))
        {
            if (!_model.Has(hook) || _model.HookWidth(hook) != width)
            {
                throw new WorkbenchException($"model {name} has no {hook.Name} of width {width}.");
            }
        }
    }

    private Tensor Tokens(TokenBatch batch)
    {
        return tensor(batch.Ids, [batch.Windows, batch.Length], device: _model.Device);
    }
}
