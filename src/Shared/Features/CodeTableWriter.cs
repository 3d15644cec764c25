using Apache.Arrow;
using Workbench.Activations;
using Workbench.Dictionaries;
using Workbench.Workspaces;

namespace Workbench.Features;

/// <summary>Writes <c>codes.arrow</c>: the latents that are on at every analysed token, a record batch a block of whole sequences.</summary>
public sealed class CodeTableWriter : IDisposable
{
    private readonly Schema _schema;
    private readonly ArrowOutput _file;

    /// <summary>Starts the file under a temporary name.</summary>
    /// <param name="folder">The index's folder.</param>
    /// <param name="info">What the codes belong to.</param>
    /// <param name="open">Opens the file; by default a plain file stream.</param>
    public CodeTableWriter(string folder, FeatureIndexInfo info, FileOpener? open = null)
    {
        _schema = FeatureFiles.CodeSchema(info);
        _file = new ArrowOutput(Path.Combine(folder, FeatureFiles.Codes), AtomicFile.TemporarySuffix, _schema, open);
    }

    /// <summary>Adds the next block.</summary>
    /// <param name="code">The latents of the block's rows.</param>
    /// <param name="tokenIds">The token of each row.</param>
    /// <param name="sequences">The sequence of each row; a sequence's rows all lie in one block.</param>
    /// <param name="positions">The position of each row in its sequence.</param>
    public void Add(SparseCode code, ReadOnlySpan<int> tokenIds, ReadOnlySpan<long> sequences, ReadOnlySpan<int> positions)
    {
        if (tokenIds.Length != code.Rows || sequences.Length != code.Rows || positions.Length != code.Rows)
        {
            throw new ArgumentException($"The code has {code.Rows} rows; tokens, sequences and positions must have as many.", nameof(code));
        }

        int[] offsets = System.Array.ConvertAll(code.RowOffsets, offset => checked((int)offset));
        _file.Write(new RecordBatch(
            _schema,
            [
                ArrowColumns.Int32(tokenIds),
                ArrowColumns.Int64(sequences),
                ArrowColumns.Int32(positions),
                ArrowColumns.Lists(_schema, "latents", offsets, ArrowColumns.Int32(code.Indices)),
                ArrowColumns.Lists(_schema, "values", offsets, ArrowColumns.Float(code.Values)),
            ],
            code.Rows));
    }

    /// <summary>Completes the file.</summary>
    public void Complete()
    {
        _file.Complete();
    }

    /// <summary>Throws an incomplete file away.</summary>
    public void Dispose()
    {
        _file.Dispose();
    }
}
