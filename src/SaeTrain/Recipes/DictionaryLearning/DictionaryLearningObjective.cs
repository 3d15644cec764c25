using TorchSharp;
using Workbench.Dictionaries;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Objectives.Inference;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning;

/// <summary>What dictionary_learning's trainers share whose latents may all be on.</summary>
/// <param name="parameters">The weights.</param>
/// <param name="deadSteps">A latent is reported dead where it has not fired for more than this number of steps.</param>
/// <param name="constants">Scales of the activations, folded into the inference form.</param>
internal abstract class DictionaryLearningObjective(ParameterSet parameters, long deadSteps, DataConstants constants)
    : DenseObjective(parameters, deadSteps)
{
    /// <summary>Scales of the activations.</summary>
    protected DataConstants Constants => constants;

    public override ILatentModel ToInference(SparseAutoencoderConfig template, Func<string, Tensor> weight)
    {
        using var scope = NewDisposeScope();
        SparseAutoencoderConfig config = template with { Architecture = SparseArchitecture.Relu, K = null };
        return new SparseAutoencoder(config, ScaleFold.Of(ScaleFold.Views(weight), constants));
    }

    /// <summary><c>relu((x - b_dec) W_enc + b_enc)</c> [rows, n].</summary>
    protected Tensor ReluLatents(Tensor x)
    {
        return (Product(x) + Parameters.EncoderBias).relu();
    }

    /// <summary>Counts which latents fired and puts the pass together.</summary>
    protected ForwardPass Pass(LossTerms losses, Tensor reconstruction, Tensor latents)
    {
        return Pass(losses, reconstruction, latents, Dead());
    }
}
