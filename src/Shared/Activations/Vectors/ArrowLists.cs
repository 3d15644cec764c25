using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Activations.Vectors;

/// <summary>A column of lists of numbers, whatever the sort of list.</summary>
internal sealed class ArrowLists
{
    private readonly string _path;
    private readonly string _column;
    private readonly IArrowArray _lists;
    private readonly IArrowArray _values;

    private ArrowLists(string path, string column, IArrowArray lists, IArrowArray values)
    {
        _path = path;
        _column = column;
        _lists = lists;
        _values = values;
    }

    /// <exception cref="WorkbenchException">The column holds no lists.</exception>
    public static ArrowLists Of(string path, string column, IArrowArray lists)
    {
        IArrowArray values = lists switch
        {
            FixedSizeListArray known => known.Values,
            ListArray known => known.Values,
            LargeListArray known => known.Values,
            _ => throw new WorkbenchException($"{path} column '{column}' holds {lists.Data.DataType.Name}, no lists; name another by --array."),
        };
        return new ArrowLists(path, column, lists, values);
    }

    /// <summary>How many numbers the list of a row has; -1 where there is no list.</summary>
    public long LengthOf(int row)
    {
        return _lists.IsNull(row) ? -1 : _lists switch
        {
            FixedSizeListArray known => ((FixedSizeListType)known.Data.DataType).ListSize,
            ListArray known => known.GetValueLength(row),
            _ => ((LargeListArray)_lists).GetValueLength(row),
        };
    }

    /// <summary>The numbers of lists that follow each other.</summary>
    /// <param name="row">The first list.</param>
    /// <param name="rows">How many.</param>
    /// <param name="width">Numbers of each.</param>
    /// <returns>A tensor [rows, width].</returns>
    /// <exception cref="WorkbenchException">They are no floating-point numbers, or some are missing.</exception>
    public Tensor Take(int row, int rows, int width)
    {
        int count = checked(rows * width);
        int start = checked((int)(_lists switch
        {
            FixedSizeListArray known => (long)(row + known.Offset) * width,
            ListArray known => known.ValueOffsets[row],
            _ => ((LargeListArray)_lists).ValueOffsets[row],
        }));
        if (_values.NullCount > 0 && Enumerable.Range(start, count).Any(_values.IsNull))
        {
            throw new WorkbenchException($"{_path} column '{_column}' has missing numbers; fill them first.");
        }

        return _values switch
        {
            FloatArray numbers => Converted(numbers.Values.Slice(start, count), rows, width),
            DoubleArray numbers => Converted(numbers.Values.Slice(start, count), rows, width),
            HalfFloatArray numbers => Converted(numbers.Values.Slice(start, count), rows, width),
            _ => throw new WorkbenchException($"{_path} column '{_column}' holds lists of {_values.Data.DataType.Name}; expected floating-point numbers."),
        };
    }

    private static Tensor Converted<T>(ReadOnlySpan<T> numbers, int rows, int width)
        where T : unmanaged, INumberBase<T>
    {
        Tensor values = torch.empty(rows, width);
        TensorPrimitives.ConvertTruncating(numbers, MemoryMarshal.Cast<byte, float>(values.bytes));
        return values;
    }
}
