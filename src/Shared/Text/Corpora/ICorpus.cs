namespace Workbench.Text.Corpora;

/// <summary>A body of documents in a fixed order. It may be longer than memory: each enumeration reads it anew.</summary>
public interface ICorpus
{
    /// <summary>Name or path as the user gives it.</summary>
    string Name { get; }

    /// <summary>SHA-256 of all that decides its documents, in lower-case hexadecimal.</summary>
    string Hash { get; }

    /// <summary>Labels that each document carries.</summary>
    IReadOnlyList<string> LabelNames { get; }

    /// <summary>The documents of a split, in corpus order.</summary>
    IEnumerable<Document> Documents(CorpusSplit split);
}
