namespace Workbench.Features;

/// <summary>
/// The tokens that a latent makes more and less likely, to first order, by <see cref="FeatureIndexInfo.LogitFormula"/>. Empty
/// where what the dictionary writes has no direct effect on the logits.
/// </summary>
/// <param name="Top">The largest effects, descending.</param>
/// <param name="Bottom">The smallest effects, ascending.</param>
public sealed record LogitTable(IReadOnlyList<TokenLogit> Top, IReadOnlyList<TokenLogit> Bottom);
