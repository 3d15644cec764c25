using Workbench.Workspaces;

namespace Workbench.Harvest.Importing;

/// <summary>The hashes of the files that an import reads.</summary>
internal static class ImportInputs
{
    /// <exception cref="WorkbenchException">A file is absent.</exception>
    public static IReadOnlyDictionary<string, string> Of(ImportRequest request)
    {
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["vectors"] = ContentHash.OfFile(request.From) };
        if (request.Texts is { } texts)
        {
            hashes["texts"] = ContentHash.OfFile(texts.Split('?')[0]);
        }

        if (request.Tokens is { } tokens)
        {
            hashes["tokens"] = ContentHash.OfFile(File.Exists(tokens) ? tokens : tokens.Split(':')[0]);
        }

        return hashes;
    }
}
