using Workbench.Numerics;
using static TorchSharp.torch;

namespace Workbench.Models;

/// <summary>How to load a model.</summary>
public sealed record ModelLoadOptions
{
    /// <summary>Where the weights go; the CPU when null.</summary>
    public Device? Device { get; init; }

    /// <summary>Number type of matrix products.</summary>
    public MatrixPrecision Precision { get; init; } = MatrixPrecision.Auto;

    /// <summary>Workspace whose <c>models</c> folder is searched for names; null for none.</summary>
    public string? WorkspaceRoot { get; init; }
}
