using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Models.Reference;

/// <summary>Named random tensors, float32 in the file and float64 in the formulas.</summary>
internal sealed class RandomWeights(int seed)
{
    private readonly Dictionary<string, Tensor> _tensors = new(StringComparer.Ordinal);
    private readonly Generator _generator = new((ulong)seed, CPU);

    public List<(string, Tensor)> Tensors => [.. _tensors.Select(pair => (pair.Key, pair.Value))];

    public Tensor this[string name] => _tensors[name].to(ScalarType.Float64);

    public void Add(string name, params long[] shape)
    {
        _tensors[name] = randn(shape, generator: _generator);
    }

    public void AddNorm(string name, int width)
    {
        _tensors[name + ".weight"] = 1 + (0.3 * randn([width], generator: _generator));
        _tensors[name + ".bias"] = 0.3 * randn([width], generator: _generator);
    }

    /// <summary>A matrix and its bias.</summary>
    /// <param name="name">Name of the module.</param>
    /// <param name="rows">Rows as stored.</param>
    /// <param name="columns">Columns as stored.</param>
    /// <param name="outputs">Length of the bias; null for the columns.</param>
    public void AddLinear(string name, int rows, int columns, int? outputs = null)
    {
        int inputs = outputs is null ? rows : columns;
        _tensors[name + ".weight"] = randn([rows, columns], generator: _generator) / Math.Sqrt(inputs);
        _tensors[name + ".bias"] = 0.3 * randn([outputs ?? columns], generator: _generator);
    }
}
