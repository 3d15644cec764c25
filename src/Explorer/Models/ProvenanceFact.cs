namespace Workbench.Explorer.Models;

/// <summary>Where numbers come from: one fact, with its full form on hover.</summary>
public sealed record ProvenanceFact(string Name, string Value, string? Full = null);
