namespace Workbench.Text.Windows;

/// <summary>How documents become windows.</summary>
/// <param name="Mode">The name of a mode, one of <see cref="WindowModes.Names"/>.</param>
/// <param name="Context">The most tokens of a window, BOS and separators included.</param>
/// <param name="Bos">The token that each window begins with; null for none.</param>
/// <param name="Separator">The token behind each document where a window may hold several; null for none.</param>
public sealed record WindowSettings(string Mode, int Context, int? Bos, int? Separator = null)
{
    /// <summary>The tokens that each window begins with.</summary>
    internal int[] Prefix => Bos is { } bos ? [bos] : [];

    /// <summary>Tokens of text that a window has room for.</summary>
    internal int Room => Context - Prefix.Length;
}
