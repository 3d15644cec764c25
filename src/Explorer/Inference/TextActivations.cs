using Workbench.Explorer.Models;

namespace Workbench.Explorer.Inference;

/// <summary>Where one feature fires in a text.</summary>
public sealed record TextActivations(IReadOnlyList<TokenView> Tokens, float Peak);
