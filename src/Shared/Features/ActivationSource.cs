namespace Workbench.Features;

/// <summary>Where the activations that an index was made from came from.</summary>
public enum ActivationSource
{
    /// <summary>The harvest's stored activations: what the model computed, rounded to the stored number type.</summary>
    Stored,

    /// <summary>The model was run again over the harvest's sequences.</summary>
    Replay,
}
