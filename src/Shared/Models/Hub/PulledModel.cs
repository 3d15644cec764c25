namespace Workbench.Models.Hub;

/// <summary>A model that now lies in the cache.</summary>
/// <param name="Model">OWNER/NAME, by which it is found.</param>
/// <param name="Revision">The revision asked for.</param>
/// <param name="Commit">The commit that it stands for.</param>
/// <param name="Folder">The folder of its files.</param>
/// <param name="Files">The files' names.</param>
/// <param name="Bytes">Their total length.</param>
/// <param name="FetchedBytes">What of it was not there before, in whole files.</param>
/// <param name="Passed">Files of the repository that were left there.</param>
public sealed record PulledModel(
    string Model,
    string Revision,
    string Commit,
    string Folder,
    IReadOnlyList<string> Files,
    long Bytes,
    long FetchedBytes,
    IReadOnlyList<string> Passed);
