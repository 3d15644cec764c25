namespace Workbench.Models.Hub;

/// <summary>One file of a model as the hub describes it.</summary>
/// <param name="Name">Its name in the repository.</param>
/// <param name="Etag">The SHA-256 of a large file or the git blob hash of a small one; the name of its blob in the cache.</param>
/// <param name="Bytes">Its length.</param>
internal sealed record HubFile(string Name, string Etag, long Bytes);
