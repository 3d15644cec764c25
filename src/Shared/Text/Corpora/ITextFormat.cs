namespace Workbench.Text.Corpora;

/// <summary>A sort of file that holds texts. A class that implements this is found by itself.</summary>
internal interface ITextFormat
{
    /// <summary>What the sort is called in help texts.</summary>
    string Name { get; }

    /// <summary>The endings of its files' names, such as <c>.jsonl</c>, without that of a compression.</summary>
    IReadOnlyList<string> Extensions { get; }

    /// <summary>Whether files may be compressed as a whole (<c>.gz</c>, <c>.zst</c>).</summary>
    bool MayBeCompressed { get; }

    /// <summary>The texts of a file in its order, read as they are asked for.</summary>
    /// <param name="path">The file.</param>
    /// <param name="specification">Which columns to take.</param>
    /// <exception cref="WorkbenchException">The file is damaged, or lacks a column.</exception>
    IEnumerable<TextRecord> Read(string path, CorpusSpecification specification);
}
