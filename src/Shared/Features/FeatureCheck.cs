using Apache.Arrow;
using Apache.Arrow.Types;
using Workbench.Activations;

namespace Workbench.Features;

/// <summary>Holds the columns of <c>features.arrow</c> against what the file says of itself, so that no later read leaves them.</summary>
internal static class FeatureCheck
{
    /// <exception cref="WorkbenchException">A size is impossible, or a column is absent, short, or of another type.</exception>
    public static void Require(MappedArrow file, FeatureIndexInfo info)
    {
        if (new[] { info.HistogramBins, info.Intervals, info.Logits, info.Neighbours }.Any(size => size < 0) || info.Tokens < 0)
        {
            throw MappedArrow.Damaged(file.Path, "it describes itself by negative sizes", null);
        }

        var columns = new ArrowValues(file.Path);
        RecordBatch batch = file.Batches[0];
        foreach (Field field in FeatureFiles.FeatureSchema(info).FieldsList)
        {
            long length = field.DataType is FixedSizeListType wanted
                ? Lists(file, columns, batch, field.Name, wanted)
                : Numbers(columns, columns.Column<IArrowArray>(batch, field.Name), field.DataType, field.Name);
            if (length < info.Latents)
            {
                throw MappedArrow.Damaged(file.Path, $"column '{field.Name}' has {length} entries for {info.Latents} latents", null);
            }
        }
    }

    private static long Lists(MappedArrow file, ArrowValues columns, RecordBatch batch, string name, FixedSizeListType wanted)
    {
        FixedSizeListArray lists = columns.Column<FixedSizeListArray>(batch, name);
        long items = Numbers(columns, lists.Values, wanted.ValueDataType, name);
        return ((FixedSizeListType)lists.Data.DataType).ListSize == wanted.ListSize && items >= (long)lists.Length * wanted.ListSize
            ? lists.Length
            : throw MappedArrow.Damaged(file.Path, $"column '{name}' has {items} entries, where lists of {wanted.ListSize} were expected", null);
    }

    private static long Numbers(ArrowValues columns, IArrowArray items, IArrowType type, string name)
    {
        return type switch
        {
            Int32Type => columns.Numbers(columns.Items<Int32Array>(items, name), name).Length,
            Int64Type => columns.Numbers(columns.Items<Int64Array>(items, name), name).Length,
            FloatType => columns.Numbers(columns.Items<FloatArray>(items, name), name).Length,
            _ => columns.Numbers(columns.Items<DoubleArray>(items, name), name).Length,
        };
    }
}
