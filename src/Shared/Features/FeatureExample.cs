namespace Workbench.Features;

/// <summary>One sequence in which a latent is on.</summary>
/// <param name="Group"><c>top</c>, or <c>interval-1</c> (smallest values) to <c>interval-5</c>.</param>
/// <param name="Sequence">The sequence in the harvest.</param>
/// <param name="Document">The document that it is a window of.</param>
/// <param name="Peak">The position of the largest activation in the window.</param>
/// <param name="PeakValue">That activation.</param>
/// <param name="Tokens">All tokens that the model saw in this window, BOS and excluded leading positions included.</param>
/// <param name="Activations">One activation a token; 0 at excluded leading positions.</param>
public sealed record FeatureExample(
    string Group,
    long Sequence,
    long Document,
    int Peak,
    float PeakValue,
    int[] Tokens,
    float[] Activations);
