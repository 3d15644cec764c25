using Apache.Arrow;

namespace Workbench.Features;

/// <summary>Reads examples by latent from <c>examples.arrow</c>.</summary>
internal sealed class ExampleTable(IndexedArrow file) : IDisposable
{
    private readonly int _latentsPerBatch = file.Number(FeatureFiles.LatentsPerBatchKey);

    public IReadOnlyDictionary<string, string> Metadata => file.Metadata;

    /// <summary>The examples of a latent, in the order of the file.</summary>
    /// <param name="latent">The latent.</param>
    /// <param name="starts">The first example of every latent.</param>
    /// <param name="count">The number of its examples.</param>
    public FeatureExample[] Read(int latent, ReadOnlySpan<long> starts, int count)
    {
        if (count == 0)
        {
            return [];
        }

        int number = latent / _latentsPerBatch;
        using RecordBatch batch = file.Read(number);
        int first = (int)(starts[latent] - starts[number * _latentsPerBatch]);
        if (first < 0 || first + count > batch.Length)
        {
            throw new WorkbenchException($"{file.Path} does not belong to the features.arrow beside it; run 'saetrain index' again.");
        }

        var groups = file.Column<StringArray>(batch, "group");
        ReadOnlySpan<long> sequences = file.Column<Int64Array>(batch, "sequence").Values;
        ReadOnlySpan<long> documents = file.Column<Int64Array>(batch, "document").Values;
        ReadOnlySpan<int> positions = file.Column<Int32Array>(batch, "position").Values;
        ReadOnlySpan<float> peaks = file.Column<FloatArray>(batch, "peak").Values;
        ListArray tokens = file.Column<ListArray>(batch, "tokens");
        ListArray activations = file.Column<ListArray>(batch, "activations");
        var examples = new FeatureExample[count];
        for (int i = 0; i < count; i++)
        {
            int row = first + i;
            examples[i] = new FeatureExample(
                groups.GetString(row),
                sequences[row],
                documents[row],
                positions[row],
                peaks[row],
                Slice((Int32Array)tokens.Values, tokens, row),
                Slice((FloatArray)activations.Values, activations, row));
        }

        return examples;
    }

    public void Dispose()
    {
        file.Dispose();
    }

    private static T[] Slice<T>(PrimitiveArray<T> items, ListArray lists, int row)
        where T : struct, IEquatable<T>
    {
        return items.Values[lists.ValueOffsets[row]..lists.ValueOffsets[row + 1]].ToArray();
    }
}
