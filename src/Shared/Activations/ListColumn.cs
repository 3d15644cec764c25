using Apache.Arrow;

namespace Workbench.Activations;

/// <summary>A column of lists of numbers in a mapped record batch; each list is checked to lie within the file when it is asked for.</summary>
internal sealed class ListColumn<T>
    where T : struct, IEquatable<T>
{
    private readonly MappedArrow _file;
    private readonly string _name;
    private readonly ListArray _lists;
    private readonly PrimitiveArray<T> _items;

    /// <exception cref="WorkbenchException">The batch has no such column, or its buffers are too short.</exception>
    public ListColumn(MappedArrow file, RecordBatch batch, string name)
    {
        _file = file;
        _name = name;
        _lists = file.Column<ListArray>(batch, name);
        _items = _lists.Values as PrimitiveArray<T>
            ?? throw MappedArrow.Damaged(file.Path, $"column '{name}' is not a list of {typeof(T).Name}", null);
        if (_lists.ValueOffsetsBuffer.Length < sizeof(int) * ((long)_lists.Length + 1))
        {
            throw MappedArrow.Damaged(file.Path, $"column '{name}' has {_lists.ValueOffsetsBuffer.Length} bytes of offsets for {_lists.Length} lists", null);
        }

        _ = file.Values(_items, name);
    }

    /// <summary>One list; valid while the file is mapped.</summary>
    public ReadOnlySpan<T> this[int at]
    {
        get
        {
            int start = _lists.ValueOffsets[at];
            int end = _lists.ValueOffsets[at + 1];
            return start >= 0 && start <= end && end <= _items.Length
                ? _items.Values[start..end]
                : throw MappedArrow.Damaged(_file.Path, $"list {at} of column '{_name}' lies at {start} to {end} of {_items.Length}", null);
        }
    }
}
