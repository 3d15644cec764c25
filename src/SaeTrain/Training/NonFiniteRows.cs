using TorchSharp;
using Workbench.Activations;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training.Backends;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Training;

/// <summary>Finds activations that are not finite, and says where they are.</summary>
internal static class NonFiniteRows
{
    private const int ChunkRows = 4096;

    /// <summary>Refuses a sample that is not finite.</summary>
    /// <exception cref="DivergenceException">It is not.</exception>
    public static void Refuse(TrainingBatch sample, TrainingConfig config)
    {
        using var scope = NewDisposeScope();
        if (!(sample.Input.isfinite().all().item<bool>() && sample.Target.isfinite().all().item<bool>()))
        {
            throw new DivergenceException(0, isData: true, $"Harvest {config.Harvest} holds activations that are not finite.");
        }
    }

    /// <summary>The sentence that names the first bad row of a run's hooks.</summary>
    public static string Describe(Harvest harvest, TrainingConfig config)
    {
        foreach (string hook in config.StoredHooks.Distinct())
        {
            if (First(harvest.Store(hook)) is (long row, float value))
            {
                (HarvestShard shard, long within) = Place(harvest.Info.ShardsOf(hook), row);
                return $"{Path.Combine(harvest.Folder, shard.File)} holds {value} at its row {within} (row {row} of {hook}), where finite activations were expected; harvest again, with --dtype bfloat16 or float32 if values overflow.";
            }
        }

        return $"A batch of harvest {config.Harvest} holds activations that are not finite; check it with 'harvest inspect'.";
    }

    private static (long Row, float Value)? First(ActivationStore store)
    {
        using var scope = NewDisposeScope();
        Tensor buffer = empty(Math.Min(ChunkRows, store.Rows), store.Width);
        for (long first = 0; first < store.Rows; first += ChunkRows)
        {
            using var chunkScope = NewDisposeScope();
            Tensor chunk = buffer.narrow(0, 0, Math.Min(ChunkRows, store.Rows - first));
            store.Read(first, chunk);
            Tensor bad = chunk.isfinite().logical_not().nonzero();
            if (bad.shape[0] > 0)
            {
                long row = bad[0, 0].item<long>();
                return (first + row, chunk[row, bad[0, 1].item<long>()].item<float>());
            }
        }

        return null;
    }

    private static (HarvestShard Shard, long Row) Place(IReadOnlyList<HarvestShard> shards, long row)
    {
        int shard = 0;
        while (row >= shards[shard].Rows)
        {
            row -= shards[shard++].Rows;
        }

        return (shards[shard], row);
    }
}
