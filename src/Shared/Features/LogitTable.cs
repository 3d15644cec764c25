namespace Workbench.Features;

/// <summary>
/// The tokens that a latent makes more and less likely, to first order: (W_dec * final norm weight) W_U^T, centred over the
/// vocabulary. Empty where the dictionary's hook point is not part of the residual stream.
/// </summary>
/// <param name="Top">The largest effects, descending.</param>
/// <param name="Bottom">The smallest effects, ascending.</param>
public sealed record LogitTable(IReadOnlyList<TokenLogit> Top, IReadOnlyList<TokenLogit> Bottom);
