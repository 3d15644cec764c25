namespace Workbench.SaeTrain.Exchange;

/// <summary>What was exported; printed with <c>--json</c>.</summary>
/// <param name="Dictionary">Id of the dictionary.</param>
/// <param name="Format">Layout that was written.</param>
/// <param name="Folder">Where it was written.</param>
/// <param name="Files">The files, relative to the folder.</param>
/// <param name="WeightsHash">SHA-256 over the dictionary's weights in the workspace.</param>
internal sealed record ExportResult(string Dictionary, string Format, string Folder, IReadOnlyList<string> Files, string WeightsHash);
