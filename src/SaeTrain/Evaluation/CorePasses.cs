using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Models;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Evaluation;

/// <summary>
/// Runs a batch through the model, once for each intervention where the dictionary writes; for an autoencoder that is where it reads.
/// </summary>
internal sealed class CorePasses(LanguageModel model, HookPoint read, HookPoint written, SparseAutoencoder dictionary)
{
    /// <summary>Adds up the activations at counted positions where the dictionary writes, as far as there and no further.</summary>
    /// <param name="sums">float64 [width].</param>
    public void AddActivations(TokenBatch batch, Tensor sums)
    {
        using var scope = NewDisposeScope();
        var reader = new Hook(written, (value, _) =>
        {
            sums.add_(Counted(value, batch).to(ScalarType.Float64).sum([0]).cpu());
            return null;
        });
        _ = model.Forward(Tokens(batch), [reader], stopAtLastHook: true);
    }

    /// <summary>Everything that the metrics need of a batch.</summary>
    /// <param name="mean">The mean activation where the dictionary writes, [output width].</param>
    /// <param name="interventions">The passes wanted besides the clean one.</param>
    public CoreBatch Run(TokenBatch batch, Tensor mean, IEnumerable<Intervention> interventions)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor tokens = Tokens(batch);
        Dictionary<HookPoint, Tensor> clean = [];
        Hook[] readers =
        [
            .. new[] { read, written }.Distinct().Select(hook => new Hook(hook, (value, _) =>
            {
                clean[hook] = value.DetachFromDisposeScope();
                return null;
            })),
        ];
        Tensor logits = model.Forward(tokens, readers)!;
        using Tensor input = clean[read];
        using Tensor activations = clean[written];
        Tensor rows = Counted(input, batch);
        Tensor targets = read == written ? rows : Counted(activations, batch);
        SparseCode code = dictionary.EncodeSparse(rows);
        Tensor reconstruction = dictionary.Reconstruct(rows, code);
        var losses = new Dictionary<Intervention, PositionLosses> { [Intervention.Clean] = PositionLosses.Of(logits, null, batch) };
        foreach (Intervention intervention in interventions)
        {
            using var pass = NewDisposeScope();
            Tensor replaced = intervention == Intervention.ReconstructionEverywhere
                ? Everywhere(input, activations)
                : Replace(intervention, activations, targets, reconstruction, mean, batch);
            Tensor changed = model.Forward(tokens, [new Hook(written, (_, _) => replaced)])!;
            losses[intervention] = PositionLosses.Of(changed, logits, batch);
        }

        int[] windows = Array.ConvertAll(batch.Rows, place => (int)(place / batch.Length));
        return new CoreBatch(rows, targets, reconstruction, code, windows, losses);
    }

    private Tensor Everywhere(Tensor input, Tensor activations)
    {
        Tensor flat = input.reshape(-1, input.shape[^1]);
        return dictionary.Reconstruct(flat, dictionary.EncodeSparse(flat)).reshape(activations.shape);
    }

    private static Tensor Replace(Intervention intervention, Tensor activations, Tensor rows, Tensor reconstruction, Tensor mean, TokenBatch batch)
    {
        switch (intervention)
        {
            case Intervention.Reconstruction:
                return Put(activations, reconstruction, batch);
            case Intervention.ErrorTerm:
                return Put(activations, reconstruction + (rows - reconstruction), batch);
            case Intervention.Zero:
                return zeros_like(activations);
            case Intervention.Mean:
                return Put(activations, mean.to(activations.dtype, activations.device).expand_as(rows), batch);
            case Intervention.MeanEverywhere:
                return mean.to(activations.dtype, activations.device).expand_as(activations).contiguous();
            default:
                throw new ArgumentOutOfRangeException(nameof(intervention), intervention, "not an intervention");
        }
    }

    internal static Tensor Put(Tensor activations, Tensor rows, TokenBatch batch)
    {
        using Tensor places = tensor(batch.Rows, device: activations.device);
        Tensor changed = activations.clone();
        changed.view(-1, activations.shape[^1]).index_copy_(0, places, rows.to(activations.dtype, activations.device));
        return changed;
    }

    internal static Tensor Counted(Tensor activations, TokenBatch batch)
    {
        using Tensor places = tensor(batch.Rows, device: activations.device);
        return activations.reshape(-1, activations.shape[^1]).index_select(0, places);
    }

    private Tensor Tokens(TokenBatch batch)
    {
        return tensor(batch.Ids, [batch.Windows, batch.Length], device: model.Device);
    }
}
