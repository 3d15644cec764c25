using System.Runtime.InteropServices;
using Apache.Arrow;
using Workbench.Activations;

namespace Workbench.Features;

/// <summary>Examples on their way into one record batch.</summary>
internal sealed class ExampleBatch
{
    private readonly List<int> _latents = [];
    private readonly List<string> _groups = [];
    private readonly List<long> _sequences = [];
    private readonly List<long> _documents = [];
    private readonly List<int> _positions = [];
    private readonly List<float> _peaks = [];
    private readonly List<int> _offsets = [0];
    private readonly List<int> _tokens = [];
    private readonly List<float> _activations = [];

    public void Add(int latent, FeatureExample example)
    {
        if (example.Tokens.Length != example.Activations.Length)
        {
            throw new ArgumentException($"An example has {example.Tokens.Length} tokens and {example.Activations.Length} activations.", nameof(example));
        }

        _latents.Add(latent);
        _groups.Add(example.Group);
        _sequences.Add(example.Sequence);
        _documents.Add(example.Document);
        _positions.Add(example.Peak);
        _peaks.Add(example.PeakValue);
        _tokens.AddRange(example.Tokens);
        _activations.AddRange(example.Activations);
        _offsets.Add(_tokens.Count);
    }

    /// <summary>The record batch of everything added since the last call.</summary>
    public RecordBatch Take(Schema schema)
    {
        Span<int> offsets = CollectionsMarshal.AsSpan(_offsets);
        var batch = new RecordBatch(
            schema,
            [
                ArrowColumns.Int32(_latents),
                ArrowColumns.Text(_groups),
                ArrowColumns.Int64(_sequences),
                ArrowColumns.Int64(_documents),
                ArrowColumns.Int32(_positions),
                ArrowColumns.Float(_peaks),
                ArrowColumns.Lists(schema, "tokens", offsets, ArrowColumns.Int32(_tokens)),
                ArrowColumns.Lists(schema, "activations", offsets, ArrowColumns.Float(_activations)),
            ],
            _latents.Count);
        Clear();
        return batch;
    }

    private void Clear()
    {
        _latents.Clear();
        _groups.Clear();
        _sequences.Clear();
        _documents.Clear();
        _positions.Clear();
        _peaks.Clear();
        _tokens.Clear();
        _activations.Clear();
        _offsets.Clear();
        _offsets.Add(0);
    }
}
