namespace Workbench.Models;

/// <summary>Positions whose logits a forward pass computes.</summary>
public enum LogitPositions
{
    /// <summary>Every position.</summary>
    All,

    /// <summary>The last column only, as generation needs.</summary>
    Last,
}
