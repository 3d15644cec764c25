using System.Globalization;
using TorchSharp;
using Workbench.Activations;
using Workbench.Dictionaries;
using Workbench.Models;
using Workbench.Numerics;
using Workbench.SaeTrain.Evaluation.Metrics;
using Workbench.SaeTrain.Recipes;
using Workbench.SaeTrain.Training;
using Workbench.Workspaces;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Evaluation;

/// <summary>
/// Measures autoencoders and transcoders in training on the first tokens of the held-out text by the definitions of <c>evaluate core</c>: one pass
/// of the model a measurement, since clean and zero-ablated passes are kept.
/// </summary>
internal sealed class HeldOutEvaluation : IHeldOutEvaluation, IDisposable
{
    private readonly LanguageModel _model;
    private readonly HookPoint _read;
    private readonly HookPoint _written;
    private readonly List<HeldOutBatch> _batches = [];

    private HeldOutEvaluation(LanguageModel model, HookPoint read, HookPoint written)
    {
        (_model, _read, _written) = (model, read, written);
    }

    /// <summary>Loads model and text, and does the passes that do not depend on the dictionary.</summary>
    /// <exception cref="WorkbenchException">Model, tokenizer, corpus or hook are not to be had.</exception>
    public static HeldOutEvaluation Open(Workspace workspace, HarvestInfo harvest, TrainingConfig config)
    {
        if (RecipeRegistry.Find(config.Recipe, null).Arrangement is not (HookArrangement.Single or HookArrangement.Pair))
        {
            throw new WorkbenchException($"recipe {config.Recipe} is of several hooks, which no single one can stand in for.");
        }

        HookPoint read = HookPoint.Parse(config.Hook);
        HookPoint written = HookPoint.Parse(config.HookOut ?? config.Hook);
        ModelFiles files = HarvestOrigin.FindModel(harvest, config.Model, workspace);
        HeldOutWindows text = HarvestOrigin.OpenHeldOut(harvest, files);
        LanguageModel model = files.LoadModel(ComputeDevice.Resolve(config.Device));
        var evaluation = new HeldOutEvaluation(model, read, written);
        try
        {
            evaluation.RefuseOther(files.Name, read, config.Width);
            evaluation.RefuseOther(files.Name, written, config.OutputWidth);

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
        var autoencoder = (SparseAutoencoder)dictionary;
        var share = new UnexplainedVariance();
        var active = new ActiveLatents();
        var recovered = new RecoveredCrossEntropy(Intervention.Reconstruction, Intervention.Zero);
        CrossEntropy[] losses = [new(Intervention.Reconstruction), new(Intervention.Clean), new(Intervention.Zero)];
        foreach (HeldOutBatch batch in _batches)
        {
            using var scope = NewDisposeScope();
            Tensor rows = CorePasses.Counted(batch.Read, batch.Tokens);
            Tensor targets = _read == _written ? rows : CorePasses.Counted(batch.Written, batch.Tokens);
            SparseCode code = autoencoder.EncodeSparse(rows);
            Tensor reconstruction = autoencoder.Reconstruct(rows, code);
            Tensor replaced = CorePasses.Put(batch.Written, reconstruction, batch.Tokens);
            Tensor logits = _model.Forward(Tokens(batch.Tokens), [new Hook(_written, (_, _) => replaced)])!;
            var passes = new Dictionary<Intervention, PositionLosses>
            {
                [Intervention.Clean] = batch.Clean,
                [Intervention.Zero] = batch.Zero,
                [Intervention.Reconstruction] = PositionLosses.Of(logits, null, batch.Tokens),
            };
            int[] windows = Array.ConvertAll(batch.Tokens.Rows, place => (int)(place / batch.Tokens.Length));
            using var seen = new CoreBatch(rows, targets, reconstruction, code, windows, passes);
            foreach (ICoreMetric metric in (ICoreMetric[])[share, active, recovered, .. losses])
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
            Number(losses[2]));
    }

    public void Dispose()
    {
        foreach (HeldOutBatch batch in _batches)
        {
            batch.Read.Dispose();
            batch.Written.Dispose();
        }

        _model.Dispose();
    }

    private static double Number(ICoreMetric metric)
    {
        return Convert.ToDouble(metric.Value, CultureInfo.InvariantCulture);
    }

    private void Add(TokenBatch batch)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor tokens = Tokens(batch);
        Dictionary<HookPoint, Tensor> seen = [];
        Hook[] readers =
        [
            .. new[] { _read, _written }.Distinct().Select(hook => new Hook(hook, (value, _) =>
            {
                seen[hook] = value.clone().DetachFromDisposeScope();
                return null;
            })),
        ];
        Tensor clean = _model.Forward(tokens, readers)!;
        Tensor zero = zeros_like(seen[_written]);
        Tensor ablated = _model.Forward(tokens, [new Hook(_written, (_, _) => zero)])!;
        _batches.Add(new HeldOutBatch(batch, seen[_read], seen[_written], PositionLosses.Of(clean, null, batch), PositionLosses.Of(ablated, null, batch)));
    }

    private void RefuseOther(string name, HookPoint hook, int width)
    {
        if (!_model.Has(hook) || _model.HookWidth(hook) != width)
        {
            throw new WorkbenchException($"model {name} has no {hook.Name} of width {width}.");
        }
    }

    private Tensor Tokens(TokenBatch batch)
    {
        return tensor(batch.Ids, [batch.Windows, batch.Length], device: _model.Device);
    }
}
