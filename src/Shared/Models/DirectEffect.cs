namespace Workbench.Models;

/// <summary>At which hook points a direction has a direct effect on the logits, and by which formula; W_dec stands for directions.</summary>
/// <remarks>
/// A direction in the residual stream, or one that a sub-block projects into it, reaches the unembedding past all later blocks. One
/// that only a sub-block reads reaches it through that sub-block's nonlinearity, which no product of matrices describes. Factors that
/// norms divide by are left out everywhere: they depend on the token, and are common to all latents.
/// </remarks>
public static class DirectEffect
{
    private const string Centred = ", centred over the vocabulary";
    private const string Norm = "; norm: times the final norm's weight, after centring where it is a layer norm";
    private const string Post = "; post: times the post-norm's weight, where the block has one";

    /// <summary>The formula of <see cref="LanguageModel.LogitEffect(HookPoint, TorchSharp.torch.Tensor)"/>; null where there is no direct effect.</summary>
    public static string? Formula(HookPoint point)
    {
        return point.Kind switch
        {
            HookKind.Embed or HookKind.PositionEmbed or HookKind.ResidualPre or HookKind.ResidualMid or HookKind.ResidualPost
                or HookKind.AttentionOut or HookKind.MlpOut => $"norm(W_dec) W_U^T{Centred}{Norm}",
            HookKind.FinalNormalized => $"(W_dec * final norm weight) W_U^T{Centred}",
            HookKind.AttentionZ => $"norm(post(W_dec W_O)) W_U^T{Centred}{Norm}{Post}",
            HookKind.MlpPost => $"norm(post(W_dec W_down)) W_U^T{Centred}{Norm}{Post}",
            HookKind.FinalOut => $"W_dec W_U^T{Centred}",
            _ => null,
        };
    }

    /// <summary>Why a hook point without a formula has none; empty for the others.</summary>
    public static string WhyNone(HookPoint point)
    {
        string? reader = point.Kind switch
        {
            HookKind.AttentionNormalized => "attention",
            HookKind.MlpIn or HookKind.MlpNormalized => "the MLP",
            _ => null,
        };
        return reader is null ? string.Empty : $"none: {point.Name} is read by {reader} of its block alone and reaches the logits only through it";
    }
}
