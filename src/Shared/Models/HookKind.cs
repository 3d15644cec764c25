namespace Workbench.Models;

/// <summary>Places in a transformer where activations can be read or edited, in the order in which a forward pass reaches them.</summary>
public enum HookKind
{
    /// <summary>Token embedding, scaled where the architecture scales it, without positions.</summary>
    Embed,

    /// <summary>Learned position embedding.</summary>
    PositionEmbed,

    /// <summary>Residual stream entering a block.</summary>
    ResidualPre,

    /// <summary>Normalised input of attention, before the norm's weight.</summary>
    AttentionNormalized,

    /// <summary>Attention-weighted values of every query head, before the output projection.</summary>
    AttentionZ,

    /// <summary>What attention adds to the residual stream.</summary>
    AttentionOut,

    /// <summary>Residual stream between attention and MLP.</summary>
    ResidualMid,

    /// <summary>Residual stream as the MLP's norm reads it; an edit here leaves the stream itself alone.</summary>
    MlpIn,

    /// <summary>Normalised input of the MLP, before the norm's weight.</summary>
    MlpNormalized,

    /// <summary>Input of the MLP's down projection.</summary>
    MlpPost,

    /// <summary>What the MLP adds to the residual stream.</summary>
    MlpOut,

    /// <summary>Residual stream leaving a block.</summary>
    ResidualPost,

    /// <summary>Normalised residual stream before the final norm's weight.</summary>
    FinalNormalized,

    /// <summary>Output of the final norm: what the unembedding multiplies.</summary>
    FinalOut,
}
