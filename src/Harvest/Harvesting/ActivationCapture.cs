using System.Runtime.InteropServices;
using TorchSharp;
using Workbench.Activations;
using Workbench.Models;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Harvest.Harvesting;

/// <summary>Runs batches through the model up to the last hook and keeps the hooks' values, in the order of text.</summary>
internal sealed class ActivationCapture : IDisposable
{
    private readonly LanguageModel _model;
    private readonly HookPoint[] _points;
    private readonly int _forwardTokens;
    private readonly Tensor?[] _buffers;

    public ActivationCapture(LanguageModel model, IEnumerable<string> hooks, int forwardTokens)
    {
        _model = model;
        _points = [.. hooks.Select(HookPoint.Parse)];
        _forwardTokens = forwardTokens;
        _buffers = new Tensor?[_points.Length];
    }

    /// <summary>Computes a batch; <see cref="Values"/> then holds its kept rows. Progress is told the rows done.</summary>
    public void Run(IReadOnlyList<HarvestSequence> batch, Action<int>? progress, CancellationToken cancellation)
    {
        long rows = batch[^1].EndRow - batch[0].FirstRow;
        int done = 0;
        for (int i = 0; i < _points.Length; i++)
        {
            Reserve(i, rows);
        }

        foreach (ForwardGroup group in ForwardGroup.Of(batch, _forwardTokens))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = torch.NewDisposeScope();
            Tensor tokens = torch.tensor(group.PaddedTokens(), [group.Sequences.Count, group.Length]);
            _ = _model.Forward(tokens, [.. _points.Select((point, i) => new Hook(point, (value, _) => Keep(group, value, i)))], stopAtLastHook: true);
            done += group.Sequences.Sum(sequence => sequence.Rows);
            progress?.Invoke(done);
        }
    }

    /// <summary>The rows of one hook, float32 row-major [rows, width]; valid until the next batch.</summary>
    public ReadOnlySpan<float> Values(int hook, int rows)
    {
        using Tensor part = _buffers[hook]!.narrow(0, 0, rows);
        return MemoryMarshal.Cast<byte, float>(part.bytes);
    }

    public void Dispose()
    {
        foreach (Tensor? buffer in _buffers)
        {
            buffer?.Dispose();
        }
    }

    private void Reserve(int hook, long rows)
    {
        if (_buffers[hook] is null || _buffers[hook]!.shape[0] < rows)
        {
            _buffers[hook]?.Dispose();
            _buffers[hook] = torch.empty(rows, _model.HookWidth(_points[hook]), dtype: torch.ScalarType.Float32).DetachFromDisposeScope();
        }
    }

    private Tensor? Keep(ForwardGroup group, Tensor value, int hook)
    {
        for (int i = 0; i < group.Sequences.Count; i++)
        {
            HarvestSequence sequence = group.Sequences[i];
            using Tensor positions = value[i];
            foreach (PositionRun run in PositionRun.Of(sequence.Kept))
            {
                using Tensor source = positions.narrow(0, run.Position, run.Count);
                using Tensor target = _buffers[hook]!.narrow(0, group.Offsets[i] + run.Row, run.Count);
                target.copy_(source);
            }
        }

        return null;
    }
}
