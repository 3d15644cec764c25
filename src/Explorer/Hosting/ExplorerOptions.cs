namespace Workbench.Explorer.Hosting;

/// <summary>What the Explorer was started with.</summary>
internal sealed record ExplorerOptions
{
    /// <summary>Full path of the workspace.</summary>
    public required string Workspace { get; init; }

    /// <summary>Where to listen.</summary>
    public required ListenAddress Address { get; init; }

    /// <summary>The access token, or null for none.</summary>
    public string? Token { get; init; }

    /// <summary>Whether an empty workspace is filled with the demo.</summary>
    public bool Demo { get; init; } = true;

    /// <summary>Folder of the batch programs, or null to look for them.</summary>
    public string? Tools { get; init; }
}
