using Workbench.Models.Architectures;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Weights;

/// <summary>The tensors of the text's part of a model of several parts, under the names that it has alone.</summary>
internal sealed class TextWeights : IWeightSource
{
    private readonly IWeightSource _whole;
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <summary>Wraps the whole, which stays the caller's.</summary>
    /// <exception cref="WorkbenchException">Two tensors have the same name in the text's part.</exception>
    public TextWeights(IWeightSource whole)
    {
        _whole = whole;
        foreach (string stored in whole.Names)
        {
            if (ModelWrapper.TextName(stored) is string name && !_names.TryAdd(name, stored))
            {
                throw new WorkbenchException($"{whole.Path} holds both '{_names[name]}' and '{stored}', two forms of one tensor; fetch the model again.");
            }
        }
    }

    public string Path => _whole.Path;

    public IEnumerable<string> Names => _names.Keys;

    public long[] Shape(string name)
    {
        return _whole.Shape(_names[name]);
    }

    public ScalarType StoredType(string name)
    {
        return _whole.StoredType(_names[name]);
    }

    public Tensor Load(string name)
    {
        return _whole.Load(_names[name]);
    }

    public void Dispose()
    {
    }
}
