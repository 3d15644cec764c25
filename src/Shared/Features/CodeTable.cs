using Apache.Arrow;

namespace Workbench.Features;

/// <summary>The latents that are on at every analysed token, read block by block from <c>codes.arrow</c>.</summary>
/// <remarks>
/// Where each hook point is encoded by itself, a token has <see cref="FeatureIndexInfo.RowsPerToken"/> rows one after the other, in the
/// order of <see cref="FeatureIndexInfo.Hooks"/>.
/// </remarks>
public sealed class CodeTable : IDisposable
{
    private readonly IndexedArrow _file;
    private readonly int _latents;

    private CodeTable(IndexedArrow file, int latents)
    {
        _file = file;
        _latents = latents;
    }

    /// <summary>The number of blocks.</summary>
    public int Blocks => _file.Count;

    /// <summary>What the codes were made from: the <see cref="FeatureIndexInfo.CodesKey"/> of their index.</summary>
    public string Key => _file.Metadata.GetValueOrDefault(FeatureFiles.CodesKey, string.Empty);

    /// <summary>Whether a folder holds whole codes.</summary>
    /// <param name="folder">The index's folder.</param>
    public static bool Exists(string folder)
    {
        return File.Exists(Path.Combine(folder, FeatureFiles.Codes));
    }

    /// <summary>Opens the codes of an index, which may still lack its other files.</summary>
    /// <param name="folder">The index's folder.</param>
    /// <param name="latents">The dictionary's number of latents; codes of others are refused.</param>
    /// <exception cref="WorkbenchException">The file is absent, damaged, or of an unknown version.</exception>
    public static CodeTable Open(string folder, int latents)
    {
        return new CodeTable(IndexedArrow.Open(Path.Combine(folder, FeatureFiles.Codes), FeatureFiles.CodesFormat), latents);
    }

    /// <summary>Reads one block; the caller disposes it.</summary>
    /// <param name="block">The block.</param>
    /// <exception cref="WorkbenchException">The block is damaged.</exception>
    public CodeBlock Read(int block)
    {
        RecordBatch batch = _file.Read(block);
        try
        {
            return new CodeBlock(_file, batch, _latents);
        }
        catch
        {
            batch.Dispose();
            throw;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _file.Dispose();
    }
}
