using System.Numerics.Tensors;
using Apache.Arrow;
using Apache.Arrow.Types;

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

    /// <summary>Copies the numbers of lists that follow each other.</summary>
    /// <param name="row">The first list.</param>
    /// <param name="count">Numbers of all lists together.</param>
    /// <param name="target">Takes them.</param>
    /// <exception cref="WorkbenchException">They are no floating-point numbers, or some are missing.</exception>
    public void CopyTo(int row, int count, Span<float> target)
    {
        int start = checked((int)(_lists switch
        {
            FixedSizeListArray known => (long)(row + known.Offset) * ((FixedSizeListType)known.Data.DataType).ListSize,
            ListArray known => known.ValueOffsets[row],
            _ => ((LargeListArray)_lists).ValueOffsets[row],
        }));
        if (_values.NullCount > 0 && Enumerable.Range(start, count).Any(_values.IsNull))
        {
            throw new WorkbenchException($"{_path} column '{_column}' has missing numbers; fill them first.");
        }

        switch (_values)
        {
            case FloatArray numbers:
                numbers.Values.Slice(start, count).CopyTo(target);
                break;
            case DoubleArray numbers:
                TensorPrimitives.ConvertTruncating(numbers.Values.Slice(start, count), target);
                break;
            case HalfFloatArray numbers:
                TensorPrimitives.ConvertToSingle(numbers.Values.Slice(start, count), target);
                break;
            default:
                throw new WorkbenchException($"{_path} column '{_column}' holds lists of {_values.Data.DataType.Name}; expected floating-point numbers.");
        }
    }
}
