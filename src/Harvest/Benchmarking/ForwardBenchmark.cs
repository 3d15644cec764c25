using TorchSharp;
using Workbench.Models;
using Workbench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Harvest.Benchmarking;

/// <summary>Holds a harvest's forward pass, embedding to hook, against the bare matrix products it consists of.</summary>
internal sealed class ForwardBenchmark : IDisposable
{
    private readonly LanguageModel _model;
    private readonly BlockProducts _products;
    private readonly Tensor _tokens;
    private readonly HookPoint _point;
    private double _read;

    public ForwardBenchmark(LanguageModel model, int layer, int context, int batch)
    {
        _model = model;
        _point = new HookPoint(HookKind.ResidualPost, layer);
        if (!model.Has(_point))
        {
            throw new WorkbenchException($"--layer {layer} is not a block of the model; expected 0 to {model.Config.Layers - 1}.");
        }

        using var noGradient = no_grad();
        random.manual_seed(0);
        _tokens = randint(0, model.Config.VocabularySize, [batch, context], ScalarType.Int64).DetachFromDisposeScope();
        _products = new BlockProducts(model.Config, layer + 1, batch * context, model.ComputeType, model.Device);
    }

    /// <summary>The bare products.</summary>
    public void Products()
    {
        using var noGradient = no_grad();
        _products.Run();
    }

    /// <summary>The same by tiles, where the machine has them.</summary>
    public void ProductsByTiles()
    {
        using var noGradient = no_grad();
        _products.RunTiles();
    }

    /// <summary>The pass, its value at the hook read.</summary>
    public double Forward()
    {
        using var scope = NewDisposeScope();
        var hook = new Hook(_point, (value, _) =>
        {
            using Tensor corner = value.flatten().narrow(0, 0, 1);
            _read = corner.item<float>();
            return null;
        });
        _ = _model.Forward(_tokens, [hook], stopAtLastHook: true);
        return _read;
    }

    /// <summary>Times both in turn; the products are those of the form that is faster here.</summary>
    public ForwardBenchmarkResult Measure(int repeats, CancellationToken cancellation)
    {
        // Once more than the timings do by themselves: kernels are generated and code is compiled in the first passes.
        _ = Forward();
        Action[] actions = _products.HasTiles ? [() => Forward(), Products, ProductsByTiles] : [() => Forward(), Products];
        double[] seconds = Timings.InTurn(repeats, cancellation, actions);
        (double pass, double product) = (seconds[0], seconds.Skip(1).Min());
        long tokens = _tokens.numel();
        return new ForwardBenchmarkResult(
            product / pass,
            product / pass * (_products.Operations + AttentionOperations()) / _products.Operations,
            product < seconds[1] ? "packed tiles" : "libtorch",
            MatrixPrecisions.Name(_model.ComputeType),
            _point.Name,
            (int)_tokens.shape[1],
            tokens,
            get_num_threads(),
            _products.Operations / product / 1e9,
            _products.Operations / pass / 1e9,
            tokens / pass,
            repeats);
    }

    /// <summary>Products of queries with the keys that they see, and of these weights with values.</summary>
    private double AttentionOperations()
    {
        ModelConfig config = _model.Config;
        int context = (int)_tokens.shape[1];
        double pairs = 0;
        for (int layer = 0; layer <= _point.Layer; layer++)
        {
            int seen = config.WindowedLayers.ElementAtOrDefault(layer) ? config.SlidingWindow ?? context : context;
            pairs += Enumerable.Range(1, context).Sum(count => (double)Math.Min(count, seen));
        }

        return 4 * pairs * _tokens.shape[0] * config.Heads * config.HeadDim;
    }

    public void Dispose()
    {
        _tokens.Dispose();
        _products.Dispose();
    }
}
