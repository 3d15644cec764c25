namespace Workbench.SaeTrain.Recipes;

/// <summary>How the hooks of a harvest become the rows of a dictionary.</summary>
internal enum HookArrangement
{
    /// <summary>Rows of one hook, reconstructed from themselves.</summary>
    Single,

    /// <summary>Rows of one hook, from which the same tokens' rows of another are reconstructed: a transcoder.</summary>
    Pair,

    /// <summary>The same token's rows of several hooks side by side as one long row: a crosscoder.</summary>
    Concatenated,

    /// <summary>Rows of several hooks one after the other: a multi-layer autoencoder.</summary>
    Pooled,
}
