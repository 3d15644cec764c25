using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Numerics;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Recipes.SaeLens.TopK;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.Crosscoders;

/// <summary>
/// A crosscoder with batch top-k (Minder et al. 2025, "Overcoming sparsity artifacts in crosscoders"): the losses of
/// <see cref="SaeLensBatchObjective"/> over the hooks' activations side by side, with a latent's norm the sum of its directions'
/// norms at the hooks.
/// </summary>
/// <remarks>Exported with that norm folded, so that the norms of a latent's directions, in units of each hook's scale, add up to 1.</remarks>
/// <param name="parameters">The weights.</param>
/// <param name="options">The recipe's options.</param>
/// <param name="hooks">Names of the hooks.</param>
/// <param name="scales">Their widths and the factors of their activations in training, in the same order.</param>
/// <param name="deadSteps">A latent is dead where it has not fired for more than this number of steps.</param>
/// <param name="matrixType">Number type of the encoder product.</param>
internal sealed class CrosscoderObjective(
    ParameterSet parameters,
    SaeLensBatchTopKOptions options,
    IReadOnlyList<string> hooks,
    IReadOnlyList<HookScale> scales,
    long deadSteps,
    ScalarType matrixType)
    : SaeLensBatchObjective(parameters, options, inputScale: 1, deadSteps, matrixType)
{
    private readonly long[] _widths = [.. scales.Select(scale => (long)scale.Width)];

    public override ILatentModel ToInference(SparseAutoencoderConfig template, Func<string, Tensor> weight)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var joint = (SparseAutoencoder)base.ToInference(template with { Hook = string.Join(" + ", hooks) }, weight);
        Tensor factors = cat([.. scales.Select(scale => full(scale.Width, (float)scale.Factor))]);
        SparseWeights scaled = joint.Weights.Map(tensor => tensor.clone());
        scaled = scaled with
        {
            Encoder = scaled.Encoder * factors.unsqueeze(1),
            Decoder = scaled.Decoder / factors,
            DecoderBias = scaled.DecoderBias / factors,
        };
        return new Crosscoder([.. hooks.Zip(scales, (hook, scale) => new DictionarySite(hook, scale.Width))], new SparseAutoencoder(joint.Config, scaled));
    }

    protected override Tensor LatentNorm(Tensor decoder)
    {
        return decoder.split(_widths, 1).Select(part => part.norm(1)).Aggregate((sum, norm) => sum + norm);
    }
}
