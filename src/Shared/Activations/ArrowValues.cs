using System.Runtime.CompilerServices;
using Apache.Arrow;

namespace Workbench.Activations;

/// <summary>Takes columns out of record batches of a file, each held against the bytes that it claims.</summary>
/// <param name="path">The file, for messages.</param>
internal sealed class ArrowValues(string path)
{
    /// <summary>A column of a batch, of the given array type.</summary>
    public TArray Column<TArray>(RecordBatch batch, string name)
        where TArray : class, IArrowArray
    {
        int index = batch.Schema.GetFieldIndex(name);
        return index >= 0 && index < batch.ColumnCount && batch.Column(index) is TArray { NullCount: 0, Offset: 0 } array && array.Length == batch.Length
            ? array
            : throw Damaged($"expected a column '{name}' of {typeof(TArray).Name} with {batch.Length} entries and no nulls");
    }

    /// <summary>An array within a column, of the given type.</summary>
    public TArray Items<TArray>(IArrowArray items, string name)
        where TArray : class, IArrowArray
    {
        return items is TArray { NullCount: 0, Offset: 0 } array
            ? array
            : throw Damaged($"column '{name}' holds {items.GetType().Name} where {typeof(TArray).Name} without nulls was expected");
    }

    /// <summary>The numbers of an array, all of which lie within the file.</summary>
    public ReadOnlySpan<T> Numbers<T>(PrimitiveArray<T> array, string name)
        where T : struct, IEquatable<T>
    {
        long needed = (long)array.Length * Unsafe.SizeOf<T>();
        return array.Offset == 0 && array.ValueBuffer.Length >= needed
            ? array.Values
            : throw Damaged($"column '{name}' claims {needed} bytes and has {array.ValueBuffer.Length}");
    }

    /// <summary>Where each list of a column begins among its items, and where the last one ends.</summary>
    public ReadOnlySpan<int> Offsets(ListArray lists, string name)
    {
        if (lists.ValueOffsetsBuffer.Length < sizeof(int) * ((long)lists.Length + 1))
        {
            throw Damaged($"column '{name}' has {lists.ValueOffsetsBuffer.Length} bytes of offsets for {lists.Length} lists");
        }

        ReadOnlySpan<int> offsets = lists.ValueOffsets[..(lists.Length + 1)];
        int last = 0;
        foreach (int offset in offsets)
        {
            last = offset >= last ? offset : throw Damaged($"column '{name}' has offsets that fall from {last} to {offset}");
        }

        return last <= lists.Values.Length ? offsets : throw Damaged($"column '{name}' claims {last} items and has {lists.Values.Length}");
    }

    /// <summary>A text of a column.</summary>
    public string Text(StringArray texts, int at, string name)
    {
        if (texts.ValueOffsetsBuffer.Length < sizeof(int) * ((long)texts.Length + 1))
        {
            throw Damaged($"column '{name}' has {texts.ValueOffsetsBuffer.Length} bytes of offsets for {texts.Length} texts");
        }

        ReadOnlySpan<int> offsets = texts.ValueOffsets;
        return offsets[at] >= 0 && offsets[at] <= offsets[at + 1] && offsets[at + 1] <= texts.ValueBuffer.Length
            ? texts.GetString(at)
            : throw Damaged($"column '{name}' places text {at} outside its {texts.ValueBuffer.Length} bytes");
    }

    private WorkbenchException Damaged(string detail)
    {
        return MappedArrow.Damaged(path, detail, null);
    }
}
