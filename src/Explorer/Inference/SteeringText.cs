using Workbench.Explorer.Models;

namespace Workbench.Explorer.Inference;

/// <summary>One side of a steering run, when it is done.</summary>
/// <param name="Tokens">The generated tokens, with the activation of the first edited feature as the unedited model reads them.</param>
/// <param name="Perplexity">Of the generated tokens under the unedited model; NaN without any.</param>
/// <param name="Divergence">Mean over the generated positions of KL(edited ‖ unedited), in nats; null for the baseline.</param>
public sealed record SteeringText(IReadOnlyList<TokenView> Tokens, double Perplexity, double? Divergence);
