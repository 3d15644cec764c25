namespace Workbench.Explorer.Models;

/// <summary>One step of the path shown at the top of a page; the last has no address.</summary>
public sealed record Crumb(string Text, string? Address = null);
