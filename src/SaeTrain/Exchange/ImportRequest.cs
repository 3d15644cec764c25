namespace Workbench.SaeTrain.Exchange;

/// <summary>What the caller of <c>saetrain import</c> asks for; its JSON is the configuration in the run's manifest.</summary>
internal sealed record ImportRequest
{
    /// <summary>File or folder of a known layout.</summary>
    public required string From { get; init; }

    /// <summary>Name of the layout; null to tell it by the names of the files.</summary>
    public string? Format { get; init; }

    /// <summary>Hook point that is read, in place of what the file names.</summary>
    public string? Hook { get; init; }

    /// <summary>Hook point that a transcoder reconstructs, in place of what the file names.</summary>
    public string? OutputHook { get; init; }
}
