using Workbench.Models.Weights.Pickle;

namespace Workbench.Dictionaries.Formats.DictionaryLearning;

/// <summary><c>JumpReluAutoEncoder</c>: a threshold a latent; nothing is subtracted from the input.</summary>
internal sealed class JumpReluAutoEncoderClass : DictionaryLearningClass
{
    public override string Name => "JumpReluAutoEncoder";

    public override string Trainer => "JumpReluTrainer";

    public override bool SubtractsBias => false;

    public override bool Fits(SparseAutoencoder dictionary)
    {
        return dictionary.Config.Architecture == SparseArchitecture.JumpRelu;
    }

    public override (SparseAutoencoderConfig Config, SparseWeights Weights) Read(StrictTensors tensors, DictionaryLearningSettings settings)
    {
        (long width, long latents) = ColumnWeights.Sizes(tensors);
        SparseWeights weights = ColumnWeights.Read(tensors, width, latents) with { Threshold = tensors.Take("threshold", latents) };
        return (Sized(SparseArchitecture.JumpRelu, width, latents, SubtractsBias), weights);
    }

    public override PickleDictionary Write(SparseAutoencoder dictionary)
    {
        PickleDictionary state = ColumnWeights.Write(dictionary.Weights);
        state["threshold"] = dictionary.Weights.Threshold;
        return state;
    }
}
