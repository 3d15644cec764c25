using Workbench.Activations.Vectors;
using Workbench.Text.Corpora;
using Workbench.Workspaces;

namespace Workbench.Harvest.Importing;

/// <summary>The files that an import reads, and their hashes.</summary>
/// <param name="Vectors">The files of vectors, in their order.</param>
/// <param name="VectorHash">The hash of all of them: of a single file its own.</param>
/// <param name="Hashes">Every file's hash, by what it is for.</param>
internal sealed record ImportInputs(IReadOnlyList<string> Vectors, string VectorHash, IReadOnlyDictionary<string, string> Hashes)
{
    /// <param name="request">What is asked for.</param>
    /// <param name="progress">Is told how many of the files are hashed.</param>
    /// <exception cref="WorkbenchException">A file is absent.</exception>
    public static ImportInputs Of(ImportRequest request, Action<int, int> progress)
    {
        IReadOnlyList<string> vectors = VectorFiles.Expand(request.From);
        IReadOnlyList<string> texts = request.Texts is null ? [] : CorpusRegistry.RecordFiles(request.Texts);
        string[] tokens = request.Tokens is null ? [] : [TokenPath(request.Tokens)];
        (string Use, string Path)[] files = [.. vectors.Select(path => ("vectors", path)), .. texts.Select(path => ("texts", path)), .. tokens.Select(path => ("tokens", path))];
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var ofVectors = new List<string>();
        for (int i = 0; i < files.Length; i++)
        {
            progress(i, files.Length);
            string hash = ContentHash.OfFile(files[i].Path);
            hashes[$"{files[i].Use} {files[i].Path}"] = hash;
            if (i < vectors.Count)
            {
                ofVectors.Add(hash);
            }
        }

        progress(files.Length, files.Length);
        return new ImportInputs(vectors, ofVectors.Count == 1 ? ofVectors[0] : ContentHash.OfText(string.Join('\n', ofVectors)), hashes);
    }

    /// <summary>The file in FILE or FILE:ARRAY.</summary>
    /// <exception cref="WorkbenchException">It is absent.</exception>
    public static string TokenPath(string tokens)
    {
        return File.Exists(tokens) ? tokens
            : tokens.LastIndexOf(':') is > 0 and var colon && File.Exists(tokens[..colon]) ? tokens[..colon]
            : throw new WorkbenchException($"--tokens '{tokens}' is not found; expected FILE or FILE:ARRAY.");
    }
}
