using TorchSharp;
using Workbench.Activations;
using Workbench.Dictionaries;
using Workbench.Features;
using Workbench.Models;
using Workbench.SaeTrain.Indexing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Evaluation;

/// <summary>Counts the latents that are silent over a whole harvest.</summary>
internal static class DeadLatents
{
    private const int BlockRows = 4096;

    /// <summary>Takes the count from the index where there is one of these weights, else encodes the harvest.</summary>
    public static (int Count, string From) Count(IndexedDictionary subject, LanguageModel model, Action<string, long, long> progress, CancellationToken cancellation)
    {
        HarvestInfo harvest = subject.Harvest.Info;
        if (FeatureIndex.Exists(subject.IndexFolder))
        {
            using FeatureIndex index = FeatureIndex.Open(subject.IndexFolder);
            if (index.Info.WeightsHash == subject.Dictionary.WeightsHash && index.Tokens == harvest.Rows)
            {
                return (index.Latents - index.Alive, $"index over {harvest.Id}, {index.Tokens} tokens");
            }
        }

        using IActivationReader activations = subject.IsStored
            ? StoredActivations.Of(subject.Harvest, subject.Reads)
            : new ReplayedActivations(model, subject.Reads, subject.Harvest.Sequences);
        List<SequenceBlock> blocks = SequenceBlock.Cut(subject.Harvest.Sequences, harvest.Rows, BlockRows);
        using Tensor buffer = empty(blocks.Max(block => block.Rows), activations.Width);
        bool[] alive = new bool[subject.Dictionary.Latents];
        foreach (SequenceBlock block in blocks)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            Tensor rows = buffer.narrow(0, 0, block.Rows);
            activations.Read(block, rows, cancellation);
            foreach (int latent in subject.Dictionary.Encode(rows).Indices)
            {
                alive[latent] = true;
            }

            progress("dead latents", block.FirstRow + block.Rows, harvest.Rows);
        }

        return (alive.Count(fires => !fires), $"activations of {harvest.Id} encoded, {harvest.Rows} tokens");
    }
}
