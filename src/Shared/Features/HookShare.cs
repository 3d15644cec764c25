namespace Workbench.Features;

/// <summary>What a latent of a dictionary of several hooks has at one of them.</summary>
/// <param name="Hook">The hook point's name.</param>
/// <param name="Amount">The norm of the latent's direction there, in the activations' own units; for a dictionary that encodes each hook by itself the activations there at which the latent is on.</param>
/// <param name="Share">
/// The share of this hook among all: of norms each divided by the hook's mean activation norm, where the index knows it (Lindsey et
/// al. 2024, "Sparse crosscoders for cross-layer features and model diffing": relative decoder norms), or of firings. The shares of a
/// latent add up to 1, and are all 0 where there is nothing to share.
/// </param>
public readonly record struct HookShare(string Hook, double Amount, double Share);
