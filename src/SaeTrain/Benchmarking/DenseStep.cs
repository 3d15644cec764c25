using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Benchmarking;

/// <summary>
/// One step as libraries without sparse kernels do it, in float32: the encoder's product, latents as a dense matrix with zeros, the
/// decoder's product, gradients of both and Adam by libtorch.
/// </summary>
internal sealed class DenseStep : IDisposable
{
    private readonly TorchSharp.Modules.Parameter[] _parameters;
    private readonly TorchSharp.Modules.Adam _optimizer;
    private readonly Tensor _rows;
    private readonly int _k;

    /// <param name="rows">The batch [rows, d].</param>
    /// <param name="encoder">[n, d].</param>
    /// <param name="k">Latents kept in each row.</param>
    public DenseStep(Tensor rows, Tensor encoder, int k)
    {
        (_rows, _k) = (rows, k);
        (long latents, long width) = (encoder.shape[0], encoder.shape[1]);
        _parameters =
        [
            new TorchSharp.Modules.Parameter(encoder.t().contiguous()),
            new TorchSharp.Modules.Parameter(zeros(latents)),
            new TorchSharp.Modules.Parameter(encoder.clone()),
            new TorchSharp.Modules.Parameter(zeros(width)),
        ];
        _optimizer = optim.Adam(_parameters, 1e-4);
    }

    public void Run()
    {
        using var scope = NewDisposeScope();
        _optimizer.zero_grad();
        Tensor pre = (_rows - _parameters[3]).mm(_parameters[0]) + _parameters[1];
        (Tensor values, Tensor places) = pre.topk(_k, -1);
        Tensor latents = zeros_like(pre).scatter(-1, places, values.relu());
        Tensor reconstruction = latents.mm(_parameters[2]) + _parameters[3];
        (reconstruction - _rows).pow(2).sum(-1).mean().backward();
        _ = _optimizer.step();
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        foreach (TorchSharp.Modules.Parameter parameter in _parameters)
        {
            parameter.Dispose();
        }
    }
}
