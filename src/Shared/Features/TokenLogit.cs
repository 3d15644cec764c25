namespace Workbench.Features;

/// <summary>What a latent adds to the logit of one token.</summary>
/// <param name="TokenId">The token.</param>
/// <param name="Value">The effect of one unit of activation, centred over the vocabulary.</param>
public readonly record struct TokenLogit(int TokenId, float Value);
