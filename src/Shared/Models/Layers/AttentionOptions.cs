namespace Workbench.Models.Layers;

/// <summary>How one block attends.</summary>
/// <param name="Heads">Query heads.</param>
/// <param name="KeyValueHeads">Key and value heads; divides <paramref name="Heads"/>.</param>
/// <param name="HeadDim">Width of a head.</param>
/// <param name="Scale">Factor of the products of queries and keys.</param>
/// <param name="Window">Positions that a query sees, its own among them; null for all before it.</param>
/// <param name="SoftCap">Scores s become c tanh(s / c); null for none.</param>
internal sealed record AttentionOptions(int Heads, int KeyValueHeads, int HeadDim, double Scale, int? Window, double? SoftCap)
{
    /// <summary>What a config says of a block.</summary>
    public static AttentionOptions Of(ModelConfig config, int layer)
    {
        double scale = (config.AttentionScale ?? (1 / Math.Sqrt(config.HeadDim))) / (config.AttentionScaledByLayer ? layer + 1 : 1);
        return new AttentionOptions(
            config.Heads, config.KeyValueHeads, config.HeadDim, scale, config.IsWindowed(layer) ? config.SlidingWindow : null, config.AttentionSoftCap);
    }
}
