namespace Workbench.Models.Kernels;

/// <summary>How attention is cut up: small enough for the caches, large enough for the products.</summary>
internal static class AttentionTiles
{
    /// <summary>Queries that are worked on at once.</summary>
    public const int QueryRows = 32;

    /// <summary>Keys that a product covers at most.</summary>
    public const int KeyChunk = 256;
}
