using Apache.Arrow;
using Workbench.Activations;

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
        long first = starts[latent] - starts[number * _latentsPerBatch];
        if (number >= file.Count)
        {
            throw Foreign();
        }

        using RecordBatch batch = file.Read(number);
        if (first < 0 || count < 0 || first + count > batch.Length)
        {
            throw Foreign();
        }

        ArrowValues columns = file.Values;
        StringArray groups = columns.Column<StringArray>(batch, "group");
        ReadOnlySpan<long> sequences = columns.Numbers(columns.Column<Int64Array>(batch, "sequence"), "sequence");
        ReadOnlySpan<long> documents = columns.Numbers(columns.Column<Int64Array>(batch, "document"), "document");
        ReadOnlySpan<int> positions = columns.Numbers(columns.Column<Int32Array>(batch, "position"), "position");
        ReadOnlySpan<float> peaks = columns.Numbers(columns.Column<FloatArray>(batch, "peak"), "peak");
        ListArray tokenLists = columns.Column<ListArray>(batch, "tokens");
        ListArray valueLists = columns.Column<ListArray>(batch, "activations");
        ReadOnlySpan<int> tokens = columns.Numbers(columns.Items<Int32Array>(tokenLists.Values, "tokens"), "tokens");
        ReadOnlySpan<float> values = columns.Numbers(columns.Items<FloatArray>(valueLists.Values, "activations"), "activations");
        ReadOnlySpan<int> offsets = columns.Offsets(tokenLists, "tokens");
        if (!offsets.SequenceEqual(columns.Offsets(valueLists, "activations")))
        {
            throw MappedArrow.Damaged(file.Path, "its tokens and activations are not of one length", null);
        }

        var examples = new FeatureExample[count];
        for (int i = 0; i < count; i++)
        {
            int row = (int)first + i;
            Range window = offsets[row]..offsets[row + 1];
            if ((uint)positions[row] >= (uint)(offsets[row + 1] - offsets[row]))
            {
                throw MappedArrow.Damaged(file.Path, $"the peak of an example is at {positions[row]}, outside its window", null);
            }

            examples[i] = new FeatureExample(
                columns.Text(groups, row, "group"), sequences[row], documents[row], positions[row], peaks[row], tokens[window].ToArray(), values[window].ToArray());
        }

        return examples;
    }

    public void Dispose()
    {
        file.Dispose();
    }

    private WorkbenchException Foreign()
    {
        return new WorkbenchException($"{file.Path} does not belong to the features.arrow beside it; run 'saetrain index' again.");
    }
}
