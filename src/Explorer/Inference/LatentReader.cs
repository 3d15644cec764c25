using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Models;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Explorer.Inference;

/// <summary>Reads where a feature fires in a pass of the model, at all hooks that its dictionary reads.</summary>
internal sealed class LatentReader(AttachedDictionary dictionary) : IDisposable
{
    private readonly HookCapture _seen = new(dictionary.Reads.Points);

    /// <summary>What to give to the pass.</summary>
    public IReadOnlyList<Hook> Hooks => _seen.Hooks;

    /// <summary>The feature's activation at each token of the last pass; of a token that is encoded at several hooks the largest.</summary>
    public float[] Values(int latent)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        Tensor activations = dictionary.Reads.Join([.. dictionary.Reads.Points.Select(point => _seen[point].reshape(-1, _seen[point].shape[^1]).cpu())]);
        SparseCode code = dictionary.Encode(activations);
        float[] values = new float[activations.shape[0]];
        for (int row = 0; row < code.Rows; row++)
        {
            ref float value = ref values[row / dictionary.RowsPerToken];
            value = MathF.MaxMagnitude(value, code.At(row, latent));
        }

        return values;
    }

    public void Dispose()
    {
        _seen.Dispose();
    }
}
