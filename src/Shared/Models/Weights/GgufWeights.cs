using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Weights;

/// <summary>The tensors of a GGUF file under the names of Hugging Face.</summary>
internal sealed class GgufWeights : IWeightSource
{
    private readonly GgufFile _file;
    private readonly Dictionary<string, string> _stored = new(StringComparer.Ordinal);
    private readonly Func<string, Tensor, Tensor> _arrange;

    /// <summary>Wraps an open file.</summary>
    /// <param name="file">The file; belongs to the caller.</param>
    /// <param name="names">Names in the file by name of Hugging Face; other tensors keep their names.</param>
    /// <param name="arrange">Turns a stored tensor into the layout of Hugging Face; gets the latter's name and returns a new tensor.</param>
    public GgufWeights(GgufFile file, IReadOnlyDictionary<string, string> names, Func<string, Tensor, Tensor> arrange)
    {
        _file = file;
        _arrange = arrange;
        Dictionary<string, string> known = names.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
        foreach (string name in file.Tensors.Keys)
        {
            _stored[known.GetValueOrDefault(name, name)] = name;
        }
    }

    public string Path => _file.Path;

    public IEnumerable<string> Names => _stored.Keys;

    public long[] Shape(string name)
    {
        return _file.Tensors[_stored[name]].Shape;
    }

    public ScalarType StoredType(string name)
    {
        return _file.Tensors[_stored[name]].Type switch
        {
            GgufType.F16 => ScalarType.Float16,
            GgufType.BF16 => ScalarType.BFloat16,
            _ => ScalarType.Float32,
        };
    }

    public Tensor Load(string name)
    {
        using Tensor stored = _file.Dequantise(_stored[name]);
        return _arrange(name, stored);
    }

    public void Dispose()
    {
    }
}
