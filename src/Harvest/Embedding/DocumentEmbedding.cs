using System.Numerics.Tensors;
using Workbench.Activations;
using Workbench.Harvest.Harvesting;
using Workbench.Harvest.Importing;
using Workbench.Models;
using Workbench.Numerics;
using Workbench.Text.Corpora;
using Workbench.Workspaces;

namespace Workbench.Harvest.Embedding;

/// <summary>One vector a document: a hook's rows over the document's first tokens, pooled in float64.</summary>
internal sealed class DocumentEmbedding(EmbedRequest request, string id, HarvestInputs inputs)
{
    private const int BatchDocuments = 256;
    private const int ForwardTokens = 2048;

    private readonly int _width = inputs.Model.HookWidth(HookPoint.Parse(request.Hook));
    private readonly int[] _prefix = inputs.Tokenizer is { AddsBos: true, BosId: int bos } ? [bos] : [];

    public HarvestInfo Write(RunFolder folder, ProgressReporter progress, CancellationToken cancellation)
    {
        if (request.Context > inputs.Model.Config.ContextLength)
        {
            throw new WorkbenchException($"--context {request.Context} is longer than the model's context of {inputs.Model.Config.ContextLength}; lower it.");
        }

        using var capture = new ActivationCapture(inputs.Model, [request.Hook], ForwardTokens);
        using var harvest = new VectorHarvest(folder, Template());
        double[] sum = new double[_width];
        double[] wide = new double[_width];
        float[] vector = new float[_width];
        long done = 0;
        foreach (HarvestSequence[] batch in Sequences().Chunk(BatchDocuments).Select(HarvestSequence.Placed))
        {
            cancellation.ThrowIfCancellationRequested();
            capture.Run(batch, null, cancellation);
            ReadOnlySpan<float> values = capture.Values(0, (int)batch[^1].EndRow);
            foreach (HarvestSequence sequence in batch)
            {
                Array.Clear(sum);
                for (int row = 0; row < sequence.Rows; row++)
                {
                    TensorPrimitives.ConvertChecked(values.Slice(((int)sequence.FirstRow + row) * _width, _width), wide.AsSpan());
                    TensorPrimitives.Add(sum, wide, sum);
                }

                TensorPrimitives.Divide(sum, sequence.Rows, sum);
                TensorPrimitives.ConvertTruncating<double, float>(sum, vector);
                harvest.Add(sequence.Parts[0].Document, sequence.Tokens, vector);
            }

            done += batch.Length;
            progress.Report("embed", done, request.Documents, "documents");
        }

        return harvest.Complete(progress, cancellation);
    }

    /// <summary>The documents' tokens, up to the context; of each only what pooling needs is kept.</summary>
    private IEnumerable<HarvestSequence> Sequences()
    {
        IEnumerable<Document> documents = inputs.Corpus.Documents(CorpusSplit.Train);
        foreach (Document document in request.Documents > 0 ? documents.Take((int)Math.Min(int.MaxValue, request.Documents)) : documents)
        {
            int[] ids = inputs.Tokenizer.Encode(document.Text);
            if (ids.Length == 0)
            {
                continue;
            }

            int[] tokens = [.. _prefix, .. ids.AsSpan(0, Math.Min(ids.Length, request.Context - _prefix.Length))];
            if (request.Pool == Pooling.Cls)
            {
                // No later position changes the first one's row in a causal model.
                yield return HarvestSequence.Of(document, tokens[..1], keptFrom: 0);
            }
            else
            {
                yield return HarvestSequence.Of(document, tokens, request.Pool == Pooling.Last ? tokens.Length - 1 : _prefix.Length);
            }
        }
    }

    private HarvestInfo Template()
    {
        // A name of its own keeps pooled rows from being taken for the hook's.
        string name = $"{request.Hook}.{request.Pool.ToString().ToLowerInvariant()}";
        return new HarvestInfo(
            HarvestInfo.CurrentFormatVersion, id, inputs.ModelName, inputs.ModelPath, inputs.ModelHash, inputs.Tokenizer.Hash, request.Corpus, inputs.Corpus.Hash,
            [new HarvestHook(name, _width)], request.Context, _prefix.Length > 0 ? "always" : "never", 0, request.DType, MatrixPrecisions.Name(inputs.Model.ComputeType), 0, 0, 0, 0, []);
    }
}
