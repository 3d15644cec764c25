using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using TorchSharp;
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
        string? column = null;
        long rows = 0, width = 0;
        foreach (RecordBatch batch in Batches(path))
        {
            column ??= ColumnVectors.Choose(
                path, name, [.. batch.Schema.FieldsList.Where(field => field.DataType is FixedSizeListType or ListType).Select(field => field.Name)], batch.Schema.FieldsList.Select(field => field.Name));
            if (batch.Length > 0 && width == 0)
            {
                width = ColumnVectors.Width(path, column, Lists(path, column, batch).Values.Length, batch.Length);
            }

            rows += batch.Length;
        }

        return width > 0
            ? new ArrowVectors(path, column!, (int)width, rows)
            : throw new WorkbenchException($"{path} holds no row; export it again.");
    }

    public IEnumerable<Tensor> Parts()
    {
        long first = 0;
        foreach (RecordBatch batch in Batches(_path).Where(batch => batch.Length > 0))
        {
            (IArrowArray lists, IArrowArray values) = Lists(_path, _column, batch);
            for (int row = 0; row < batch.Length; row++)
            {
                if (lists.IsNull(row) || (lists is ListArray uneven && uneven.GetValueLength(row) != Width))
                {
                    throw ColumnVectors.Uneven(_path, _column, first + row, Width);
                }
            }

            float[] numbers = Numbers(values);
            if (numbers.Length != batch.Length * Width)
            {
                throw ColumnVectors.Uneven(_path, _column, first, Width);
            }

            first += batch.Length;
            yield return torch.tensor(numbers, [batch.Length, Width]);
        }
    }

    public void Dispose()
    {
    }

    private static IEnumerable<RecordBatch> Batches(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> magic = stackalloc byte[6];
        bool isFile = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == magic.Length && magic.SequenceEqual("ARROW1"u8);
        file.Position = 0;
        using ArrowStreamReader reader = isFile ? new ArrowFileReader(file) : new ArrowStreamReader(file);
        while (Next(path, reader) is { } batch)
        {
            using (batch)
            {
                yield return batch;
            }
        }
    }

    private static RecordBatch? Next(string path, ArrowStreamReader reader)
    {
        try
        {
            return reader.ReadNextRecordBatch();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw new WorkbenchException($"{path} is not a readable Arrow file ({failure.Message.TrimEnd('.')}); export it again.", failure);
        }
    }

    private static (IArrowArray Lists, IArrowArray Values) Lists(string path, string column, RecordBatch batch)
    {
        return batch.Column(column) switch
        {
            FixedSizeListArray lists => (lists, lists.Values),
            ListArray lists => (lists, lists.Values),
            _ => throw new WorkbenchException($"{path} column '{column}' holds no lists; name another by --array."),
        };
    }

    private float[] Numbers(IArrowArray values)
    {
        return values switch
        {
            { NullCount: > 0 } => throw new WorkbenchException($"{_path} column '{_column}' has missing numbers; fill them first."),
            FloatArray numbers => numbers.Values.ToArray(),
            DoubleArray numbers => [.. numbers.Values.ToArray().Select(value => (float)value)],
            HalfFloatArray numbers => [.. numbers.Values.ToArray().Select(value => (float)value)],
            _ => throw new WorkbenchException($"{_path} column '{_column}' holds lists of {values.Data.DataType.Name}; expected floating-point numbers."),
        };
    }
}
