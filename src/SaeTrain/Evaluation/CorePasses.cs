using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Models;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Evaluation;

/// <summary>
/// Runs a batch through the model, once for each intervention where the dictionary writes; for an autoencoder that is where it reads.
/// A dictionary of several hooks is put in at all of them in one pass, each hook's part computed from the clean activations.
/// </summary>
internal sealed class CorePasses(LanguageModel model, AttachedDictionary dictionary)
{
    private readonly JoinedHooks _reads = dictionary.Reads;
    private readonly JoinedHooks _writes = dictionary.Writes ?? throw new ArgumentException("The dictionary writes to no hook point.", nameof(dictionary));

    /// <summary>Adds up the activations at counted positions where the dictionary writes, as far as there and no further.</summary>
    /// <param name="sums">float64 [output width].</param>
    public void AddActivations(TokenBatch batch, Tensor sums)
    {
        using var scope = NewDisposeScope();
        Hook Adder(HookPoint point, int hook) => new(point, (value, _) =>
        {
            _writes.Part(sums, hook).add_(Counted(value, batch).to(ScalarType.Float64).sum([0]).cpu());
            return null;
        });
        _ = model.Forward(Tokens(batch), [.. _writes.Points.Select(Adder)], stopAtLastHook: true);
    }

    /// <summary>Everything that the metrics need of a batch.</summary>
    /// <param name="mean">The mean activation where the dictionary writes, [output width].</param>
    /// <param name="interventions">The passes wanted besides the clean one.</param>
    public CoreBatch Run(TokenBatch batch, Tensor mean, IEnumerable<Intervention> interventions)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor tokens = Tokens(batch);
        using var clean = new HookCapture([.. _reads.Points, .. _writes.Points]);
        Tensor logits = model.Forward(tokens, clean.Hooks)!;
        Tensor rows = Counted(_reads, clean, batch);
        Tensor targets = ReferenceEquals(_reads, _writes) ? rows : Counted(_writes, clean, batch);
        SparseCode code = dictionary.Encode(rows);
        Tensor reconstruction = dictionary.Reconstruct(rows, code);
        var losses = new Dictionary<Intervention, PositionLosses> { [Intervention.Clean] = PositionLosses.Of(logits, null, batch) };
        foreach (Intervention intervention in interventions)
        {
            using var pass = NewDisposeScope();
            Tensor? everywhere = intervention == Intervention.ReconstructionEverywhere ? Everywhere(clean) : null;
            Tensor Replaced(int hook) => everywhere is null
                ? Replace(intervention, clean[_writes.Points[hook]], _writes.Part(targets, hook), _writes.Part(reconstruction, hook), _writes.Part(mean, hook), batch)
                : _writes.Part(everywhere, hook).reshape(clean[_writes.Points[hook]].shape);
            losses[intervention] = PositionLosses.Of(model.Forward(tokens, Put(_writes, Replaced))!, logits, batch);
        }

        return CoreBatch.Of(dictionary, rows, targets, reconstruction, code, batch, losses);
    }

    private Tensor Everywhere(HookCapture clean)
    {
        Tensor flat = _reads.Join([.. _reads.Points.Select(point => clean[point].reshape(-1, clean[point].shape[^1]))]);
        return dictionary.Reconstruct(flat, dictionary.Encode(flat));
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

    /// <summary>Hooks that put something in place of the activations, all in one pass.</summary>
    /// <param name="hooks">The hook points.</param>
    /// <param name="replaced">What takes the place, by index; it must stay valid until the pass has come there.</param>
    internal static IReadOnlyList<Hook> Put(JoinedHooks hooks, Func<int, Tensor> replaced)
    {
        Tensor[] values = [.. Enumerable.Range(0, hooks.Count).Select(replaced)];
        return [.. hooks.Points.Select((point, hook) => new Hook(point, (_, _) => values[hook]))];
    }

    internal static Tensor Put(Tensor activations, Tensor rows, TokenBatch batch)
    {
        using Tensor places = tensor(batch.Rows, device: activations.device);
        Tensor changed = activations.clone();
        changed.view(-1, activations.shape[^1]).index_copy_(0, places, rows.to(activations.dtype, activations.device));
        return changed;
    }

    /// <summary>Activations of all hooks at the counted positions, side by side [positions, width].</summary>
    internal static Tensor Counted(JoinedHooks hooks, HookCapture seen, TokenBatch batch)
    {
        return hooks.Join([.. hooks.Points.Select(point => Counted(seen[point], batch))]);
    }

    private static Tensor Counted(Tensor activations, TokenBatch batch)
    {
        using Tensor places = tensor(batch.Rows, device: activations.device);
        return activations.reshape(-1, activations.shape[^1]).index_select(0, places);
    }

    private Tensor Tokens(TokenBatch batch)
    {
        return tensor(batch.Ids, [batch.Windows, batch.Length], device: model.Device);
    }
}
