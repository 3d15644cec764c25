namespace Workbench.Workspaces;

/// <summary>Opens a new file for writing; writers take one so that a test can hand them a disk that fills up.</summary>
/// <param name="path">The file to create or truncate.</param>
public delegate Stream FileOpener(string path);
