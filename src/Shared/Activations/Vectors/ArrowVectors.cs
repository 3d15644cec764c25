using Apache.Arrow;
using Apache.Arrow.Types;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Activations.Vectors;

/// <summary>Vectors in a column of lists of an Arrow file or stream, a record batch at a time.</summary>
internal sealed class ArrowVectors : IVectorSource
{
    private readonly string _path;
    private readonly string _column;

    private ArrowVectors(string path, string column, int width, long rows)
    {
        _path = path;
        _column = column;
        Width = width;
        Rows = rows;
    }

    public int Width { get; }

    public long Rows { get; }

    public int Positions => 1;

    public static ArrowVectors Open(string path, string? name)
    {
        using ForeignArrow file = ForeignArrow.Open(path);
        string column = ColumnVectors.Choose(
            path, name, [.. file.Schema.FieldsList.Where(field => field.DataType is FixedSizeListType or ListType or LargeListType).Select(field => field.Name)], file.Schema.FieldsList.Select(field => (field.Name, field.DataType.Name)));
        long rows = 0, width = 0;
        foreach (RecordBatch batch in file.Batches())
        {
            if (batch.Length > 0 && width == 0)
            {
                width = file.Guard(() => ArrowLists.Of(path, column, batch.Column(column)).LengthOf(0));
            }

            rows += batch.Length;
        }

        return width > 0
            ? new ArrowVectors(path, column, (int)width, rows)
            : throw new WorkbenchException($"{path} column '{column}' has no vector in its first row; expected lists of one length and no empty ones.");
    }

    public IEnumerable<Tensor> Parts(long firstRow)
    {
        using ForeignArrow file = ForeignArrow.Open(_path);
        long first = 0;
        foreach (RecordBatch batch in file.Batches())
        {
            int passed = (int)Math.Clamp(firstRow - first, 0, batch.Length);
            if (passed < batch.Length)
            {
                yield return file.Guard(() => Values(batch, passed, first));
            }

            first += batch.Length;
        }
    }

    public void Dispose()
    {
    }

    private Tensor Values(RecordBatch batch, int passed, long first)
    {
        ArrowLists lists = ArrowLists.Of(_path, _column, batch.Column(_column));
        for (int row = passed; row < batch.Length; row++)
        {
            if (lists.LengthOf(row) != Width)
            {
                throw ColumnVectors.Uneven(_path, _column, first + row, Width);
            }
        }

        return lists.Take(passed, batch.Length - passed, Width);
    }
}
