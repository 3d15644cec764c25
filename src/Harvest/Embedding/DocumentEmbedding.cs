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
internal sealed class DocumentEmbedding : IVectorProduction
{
    private const int MostDocuments = 256;
    private const int BatchPositions = 32_768;
    private const int BatchFloats = 1 << 26;
    private const int ForwardTokens = 2048;

    private readonly EmbedRequest _request;
    private readonly string _id;
    private readonly HarvestInputs _inputs;
    private readonly int _width;
    private readonly int[] _prefix;
    private readonly double[] _sum;
    private readonly double[] _wide;

    public DocumentEmbedding(EmbedRequest request, string id, HarvestInputs inputs)
    {
        _request = request;
        _id = id;
        _inputs = inputs;
        _width = inputs.Model.HookWidth(HookPoint.Parse(request.Hook));
        _prefix = inputs.Tokenizer is { AddsBos: true, BosId: int bos } ? [bos] : [];
        _sum = new double[_width];
        _wide = new double[_width];
    }

    public int? ShardRows => _request.ShardRows;

    public void Write(VectorHarvest harvest, ProgressReporter progress, CancellationToken cancellation)
    {
        using var capture = new ActivationCapture(_inputs.Model, [_request.Hook], ForwardTokens);
        float[] vector = new float[_width];
        long done = 0;
        foreach (HarvestSequence[] batch in Sequences().Chunk(BatchDocuments()).Select(HarvestSequence.Placed))
        {
            cancellation.ThrowIfCancellationRequested();
            bool isKept = done + batch.Length <= harvest.Kept;
            if (!isKept)
            {
                capture.Run(batch, null, cancellation);
            }

            ReadOnlySpan<float> values = isKept ? [] : capture.Values(0, (int)batch[^1].EndRow);
            foreach (HarvestSequence sequence in batch)
            {
                if (!isKept)
                {
                    Pool(values, sequence, vector);
                }

                harvest.Add(sequence.Parts[0].Document, sequence.Tokens, 1, vector);
            }

            done += batch.Length;
            progress.Report("embed", done, _request.Documents, "documents");
        }
    }

    public HarvestInfo Describe()
    {
        if (_request.Context > _inputs.Model.Config.ContextLength || _request.Context <= _prefix.Length)
        {
            throw new WorkbenchException($"--context is {_request.Context}; expected {_prefix.Length + 1} to {_inputs.Model.Config.ContextLength}, the model's context.");
        }

        // A name of its own keeps pooled rows from being taken for the hook's.
        string name = $"{_request.Hook}.{_request.Pool.ToString().ToLowerInvariant()}";
        return new HarvestInfo(
            HarvestInfo.CurrentFormatVersion, _id, _inputs.ModelName, _inputs.ModelPath, _inputs.ModelHash, _inputs.Tokenizer.Hash, _request.Corpus, _inputs.Corpus.Hash,
            [new HarvestHook(name, _width)], _request.Context, _prefix.Length > 0 ? "always" : "never", 0, _request.DType, MatrixPrecisions.Name(_inputs.Model.ComputeType), 0, 0, 0, 0, []);
    }

    private void Pool(ReadOnlySpan<float> values, HarvestSequence sequence, Span<float> vector)
    {
        Array.Clear(_sum);
        for (int row = 0; row < sequence.Rows; row++)
        {
            TensorPrimitives.ConvertChecked(values.Slice(((int)sequence.FirstRow + row) * _width, _width), _wide.AsSpan());
            TensorPrimitives.Add(_sum, _wide, _sum);
        }

        TensorPrimitives.Divide(_sum, sequence.Rows, _sum);
        TensorPrimitives.ConvertTruncating<double, float>(_sum, vector);
    }

    private int BatchDocuments()
    {
        return (int)Math.Clamp(Math.Min(BatchPositions / _request.Context, BatchFloats / ((long)_request.Context * _width)), 1, MostDocuments);
    }

    /// <summary>The documents' tokens, up to the context; of each only what pooling needs is kept.</summary>
    private IEnumerable<HarvestSequence> Sequences()
    {
        IEnumerable<Document> documents = _inputs.Corpus.Documents(CorpusSplit.Train);
        foreach (Document document in _request.Documents > 0 ? documents.Take((int)Math.Min(int.MaxValue, _request.Documents)) : documents)
        {
            int[] ids = _inputs.Tokenizer.Encode(document.Text);
            if (ids.Length == 0)
            {
                continue;
            }

            int[] tokens = [.. _prefix, .. ids.AsSpan(0, Math.Min(ids.Length, _request.Context - _prefix.Length))];
            if (_request.Pool == Pooling.Cls)
            {
                // No later position changes the first one's row in a causal model.
                yield return HarvestSequence.Of(document, tokens[..1], keptFrom: 0);
            }
            else
            {
                yield return HarvestSequence.Of(document, tokens, _request.Pool == Pooling.Last ? tokens.Length - 1 : _prefix.Length);
            }
        }
    }
}
