using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Weights.Pickle;

/// <summary>The tensors of one dictionary within a .pt file, beside whatever else it holds.</summary>
internal sealed class TorchTensors(TorchFile file, PickleDictionary dictionary) : IStoredTensors
{
    private readonly Dictionary<string, TorchTensor> _tensors = dictionary.Entries
        .Where(entry => entry is { Key: string, Value: TorchTensor })
        .ToDictionary(entry => (string)entry.Key, entry => (TorchTensor)entry.Value!, StringComparer.Ordinal);

    public string Path => file.Path;

    public IReadOnlyCollection<string> Names => _tensors.Keys;

    public ScalarType Type(string name)
    {
        return _tensors[name].Type;
    }

    public long[] Shape(string name)
    {
        return _tensors[name].Shape;
    }

    public Tensor Read(string name)
    {
        return file.Read(_tensors[name], name);
    }
}
