using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Weights;

/// <summary>The tensors of a GGUF file under the names and in the layout of Hugging Face.</summary>
internal sealed class GgufWeights : IWeightSource
{
    private readonly GgufFile _file;
    private readonly Dictionary<string, GgufPlace> _places = new(StringComparer.Ordinal);

    /// <summary>Wraps an open file.</summary>
    /// <param name="file">The file; belongs to the caller.</param>
    /// <param name="places">Places by name of Hugging Face; other tensors keep their names.</param>
    /// <param name="read">Tensors that were read with the metadata and are no weights.</param>
    public GgufWeights(GgufFile file, IReadOnlyDictionary<string, GgufPlace> places, params IReadOnlyList<string> read)
    {
        _file = file;
        Dictionary<string, string> known = places.ToDictionary(pair => pair.Value.Name, pair => pair.Key, StringComparer.Ordinal);
        foreach (string stored in file.Tensors.Keys.Where(stored => !read.Contains(stored)))
        {
            string name = known.GetValueOrDefault(stored, stored);
            _places[name] = places.GetValueOrDefault(name) ?? new GgufPlace(stored);
        }
    }

    public string Path => _file.Path;

    public IEnumerable<string> Names => _places.Keys;

    public long[] Shape(string name)
    {
        long[] stored = Stored(name).Shape;
        return _places[name].Transposed ? [.. stored.Reverse()] : stored;
    }

    public ScalarType StoredType(string name)
    {
        // llama.cpp scales in float32 whatever the file stores.
        return ScalarType.Float32;
    }

    public Tensor Load(string name)
    {
        using var scope = NewDisposeScope();
        GgufPlace place = _places[name];
        Tensor tensor = _file.Dequantise(place.Name);
        tensor = place.Transposed ? tensor.t() : tensor;
        return (place.Arrange?.Invoke(tensor) ?? tensor).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
    }

    private GgufTensor Stored(string name)
    {
        return _file.Tensors[_places[name].Name];
    }
}
