namespace Workbench.SaeTrain.Exchange;

/// <summary>What became of an import; printed with <c>--json</c>.</summary>
/// <param name="Id">Id of the dictionary.</param>
/// <param name="Folder">Its folder in the workspace.</param>
/// <param name="AlreadyComplete">Whether the same import had been made before, so that nothing was done.</param>
/// <param name="Format">Layout of the source.</param>
/// <param name="StoredAs">Layout in the workspace.</param>
/// <param name="Architecture">How latents are chosen; null for a dictionary that is no sparse autoencoder.</param>
/// <param name="Width">Features of an activation that is read.</param>
/// <param name="Latents">Number of latents.</param>
/// <param name="K">Latents of a row, where the architecture has a k.</param>
/// <param name="Hook">The hook as the dictionary names it.</param>
/// <param name="HookPoint">The hook point that this is in a model here; null where the name leaves a doubt.</param>
/// <param name="OutputHook">The hook that a transcoder writes; null for an autoencoder.</param>
/// <param name="WeightsHash">SHA-256 over the weights.</param>
/// <param name="Notes">What a reader should know.</param>
internal sealed record ImportResult(
    string Id,
    string Folder,
    bool AlreadyComplete,
    string Format,
    string StoredAs,
    string? Architecture,
    int Width,
    int Latents,
    int? K,
    string Hook,
    string? HookPoint,
    string? OutputHook,
    string WeightsHash,
    IReadOnlyList<string> Notes);
