namespace Workbench.Text.Windows;

/// <summary>A stretch of text that fits the context.</summary>
/// <param name="Parts">The documents it holds, at least one, in order; the first starts at 0.</param>
/// <param name="Tokens">What the model sees, BOS and separators included.</param>
public sealed record TextWindow(IReadOnlyList<WindowPart> Parts, int[] Tokens);
