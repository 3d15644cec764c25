using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Layers;

/// <summary>The memory that the blocks of one pass share; its views live as long as the pass.</summary>
/// <param name="held">What is kept from pass to pass.</param>
/// <param name="weights">Packed weights.</param>
/// <param name="rows">Rows of this pass.</param>
/// <param name="type">Number type of the operands of its matrix products.</param>
/// <param name="tiled">Whether products are computed tile by tile, with what follows them.</param>
internal sealed class PassBuffers(ActivationBuffers held, PackedWeights weights, int rows, ScalarType type, bool tiled) : IDisposable
{
    private readonly Dictionary<(string Name, ScalarType Type), Tensor> _views = [];

    /// <summary>Rows of the pass.</summary>
    public int Rows => rows;

    /// <summary>Number type of the operands of products.</summary>
    public ScalarType Type => type;

    /// <summary>Whether products are computed tile by tile, with what follows them.</summary>
    public bool Tiled => tiled;

    /// <summary>[rows, width] of the pass' type, with whatever was left in it; a name has one width.</summary>
    public Tensor Get(string name, int width)
    {
        return Get(name, width, type);
    }

    /// <summary>The same in float32.</summary>
    public Tensor Wide(string name, int width)
    {
        return Get(name, width, ScalarType.Float32);
    }

    /// <summary>The same in the type that products come in.</summary>
    public Tensor Product(string name, int width)
    {
        return Get(name, width, tiled ? ScalarType.Float32 : type);
    }

    /// <summary>Weights in the order that tiles read.</summary>
    public PackedWeights Weights => weights;

    public void Dispose()
    {
        foreach (Tensor view in _views.Values)
        {
            view.Dispose();
        }

        _views.Clear();
    }

    private Tensor Get(string name, int width, ScalarType wanted)
    {
        if (!_views.TryGetValue((name, wanted), out Tensor? view))
        {
            _views[(name, wanted)] = view = held.Get(name, rows, width, wanted).DetachFromDisposeScope();
        }

        return view;
    }
}
