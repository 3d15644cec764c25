namespace Workbench.Models;

/// <summary>At which hook points a direction has a direct effect on the logits, and by which formula; W_dec stands for directions.</summary>
/// <remarks>
/// A direction in the residual stream, or one that a sub-block projects into it, reaches the unembedding past all later blocks. One
/// that only a sub-block reads reaches it through that sub-block's nonlinearity, which no product of matrices describes.
/// </remarks>
public static class DirectEffect
{
    private const string Centred = ", centred over the vocabulary";

    /// <summary>The formula of <see cref="LanguageModel.LogitEffect(HookPoint, TorchSharp.torch.Tensor)"/>; null where there is no direct effect.</summary>
    public static string? Formula(HookPoint point)
    {
        return point.Kind switch
        {
            HookKind.Embed or HookKind.PositionEmbed or HookKind.ResidualPre or HookKind.ResidualMid or HookKind.ResidualPost
                or HookKind.AttentionOut or HookKind.MlpOut or HookKind.FinalNormalized => $"(W_dec * final norm weight) W_U^T{Centred}",
            HookKind.AttentionZ => $"(W_dec W_O * final norm weight) W_U^T{Centred}",
            HookKind.MlpPost => $"(W_dec W_down * final norm weight) W_U^T{Centred}",
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
