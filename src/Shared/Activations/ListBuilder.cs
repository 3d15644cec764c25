using Apache.Arrow;
using Apache.Arrow.Types;

namespace Workbench.Activations;

/// <summary>Gathers lists of numbers for a column of a record batch.</summary>
internal sealed class ListBuilder<T>(Func<List<T>, IArrowArray> items)
    where T : unmanaged
{
    private readonly List<int> _offsets = [0];
    private readonly List<T> _items = [];

    public void Add(ReadOnlySpan<T> list)
    {
        _items.AddRange(list);
        _offsets.Add(_items.Count);
    }

    /// <summary>The column of all lists since the last call.</summary>
    public ListArray Take(IArrowType type)
    {
        var lists = new ListArray(type, _offsets.Count - 1, ArrowColumns.Buffer(_offsets), items(_items), ArrowBuffer.Empty, 0, 0);
        _items.Clear();
        _offsets.RemoveRange(1, _offsets.Count - 1);
        return lists;
    }
}
