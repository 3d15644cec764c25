using TorchSharp;
using static TorchSharp.torch;

namespace Workbench.Harvest.Pretraining;

/// <summary>Muon for the hidden matrices, Adam for everything else; its moments are part of the resumable state.</summary>
internal sealed class PretrainOptimizer : IDisposable
{
    private readonly PretrainOptions _options;
    private readonly LlamaParameters _parameters;
    private readonly ScalarType _product;
    private readonly Dictionary<string, Tensor> _moments = new(StringComparer.Ordinal);

    public PretrainOptimizer(PretrainOptions options, LlamaParameters parameters, ScalarType product)
    {
        _options = options;
        _parameters = parameters;
        _product = product;
        foreach (string name in parameters.Names)
        {
            _moments[name + ".mean"] = zeros_like(parameters[name]);
            if (!LlamaParameters.IsHiddenMatrix(name))
            {
                _moments[name + ".square"] = zeros_like(parameters[name]);
            }
        }
    }

    /// <summary>Moments by name.</summary>
    public IReadOnlyDictionary<string, Tensor> Moments => _moments;

    /// <summary>Applies the gradients held by the parameters.</summary>
    /// <param name="step">Number of this step, from 1.</param>
    /// <param name="factor">Factor of both peak rates.</param>
    public void Step(long step, double factor)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (string name in _parameters.Names)
        {
            Tensor weight = _parameters[name];
            Tensor gradient = weight.grad ?? throw new InvalidOperationException($"{name} has no gradient");
            if (LlamaParameters.IsHiddenMatrix(name))
            {
                Muon.Step(weight, gradient, _moments[name + ".mean"], factor * _options.MatrixRate, _options.WeightDecay, _product);
            }
            else
            {
                AdamW.Step(weight, gradient, _moments[name + ".mean"], _moments[name + ".square"], factor * _options.VectorRate, step);
            }
        }
    }

    public void Dispose()
    {
        foreach (Tensor moment in _moments.Values)
        {
            moment.Dispose();
        }
    }
}
