using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Numerics;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Objectives.Inference;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.Standard;

/// <summary>
/// The loss of dictionary_learning's standard trainer after Anthropic's update of April 2024: L1 on latents times decoder norms,
/// decoder free, gradients clipped.
/// </summary>
/// <remarks>
/// <c>sparsity_loss = mean_rows Σ_j z_j |W_dec[j]|</c>; the other terms and the total as in
/// <see cref="DictionaryLearningStandardObjective"/>. For inference latents are put in units of the decoder norm, as the peer's
/// loader does.
/// </remarks>
internal sealed class DictionaryLearningAprilObjective(
    ParameterSet parameters, DictionaryLearningAprilOptions options, long deadSteps, DataConstants constants)
    : DictionaryLearningObjective(parameters, deadSteps, constants)
{
    public override ForwardPass Forward(TrainingBatch batch, long step)
    {
        Tensor latents = ReluLatents(batch.Input);
        Tensor reconstruction = Decode(latents);
        Tensor error = (reconstruction - batch.Target).square().sum(-1);
        Tensor squares = error.mean();
        Tensor norms = Parameters.Decoder.square().sum(1).sqrt();
        Tensor sparsity = latents.mv(norms).mean();
        double weight = new CoefficientWarmUp(options.L1Penalty, options.SparsityWarmupSteps).At(step);
        Tensor total = squares + sparsity.mul(weight);
        (string, Tensor)[] terms = [("mse_loss", squares), ("sparsity_loss", sparsity), ("l2_loss", error.detach().sqrt().mean())];
        return Pass(new LossTerms(total, terms), reconstruction, latents);
    }

    public override ILatentModel ToInference(SparseAutoencoderConfig template, Func<string, Tensor> weight)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        SparseAutoencoderConfig config = template with { Architecture = SparseArchitecture.Relu, K = null };
        SparseWeights weights = ScaleFold.Of(ScaleFold.Views(weight), Constants);
        Tensor norms = weights.Decoder.norm(1);
        return new SparseAutoencoder(config, weights with
        {
            Encoder = weights.Encoder * norms,
            EncoderBias = weights.EncoderBias! * norms,
            Decoder = weights.Decoder / norms.unsqueeze(1),
        });
    }
}
