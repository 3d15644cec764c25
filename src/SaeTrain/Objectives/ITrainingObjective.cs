using Workbench.Dictionaries;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives;

/// <summary>What is minimised, and what is kept true of the weights between steps.</summary>
internal interface ITrainingObjective
{
    /// <summary>Counts of passes since each latent fired; part of the state of a run.</summary>
    FiringCounters Counters { get; }

    /// <summary>Computes the losses of a batch [rows, d] as a graph over the parameters, and counts which latents fired.</summary>
    ForwardPass Forward(Tensor batch);

    /// <summary>Acts on weights and gradients between the backward pass and the update.</summary>
    void AfterBackward();

    /// <summary>The weights in the form that is saved for inference.</summary>
    /// <param name="template">Hook point and facts to carry along.</param>
    SparseAutoencoder ToInference(SparseAutoencoderConfig template);
}
