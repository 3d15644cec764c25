using System.Text.Json;
using Apache.Arrow;
using Workbench.Activations;
using Workbench.Workspaces;

namespace Workbench.Features;

/// <summary>
/// What every latent of one dictionary fires on over one harvest: columns by memory map, examples read by latent. Methods may be
/// called from several threads; spans are valid until the index is disposed.
/// </summary>
public sealed class FeatureIndex : IDisposable
{
    private readonly MappedArrow _file;
    private readonly RecordBatch _batch;
    private readonly ExampleTable _examples;

    private FeatureIndex(string folder, FeatureIndexInfo info, MappedArrow file, ExampleTable examples)
    {
        Folder = folder;
        Info = info;
        _file = file;
        _batch = file.Batches[0];
        _examples = examples;
    }

    /// <summary>The index's folder.</summary>
    public string Folder { get; }

    /// <summary>What the index belongs to and how it came about.</summary>
    public FeatureIndexInfo Info { get; }

    /// <summary>The number of latents.</summary>
    public int Latents => Info.Latents;

    /// <summary>Tokens analysed.</summary>
    public long Tokens => Info.Tokens;

    /// <summary>Rows at which each latent is on: tokens, or tokens at each hook point where each is encoded by itself.</summary>
    public ReadOnlySpan<long> FireCount => Column<Int64Array>("fire_count").Values;

    /// <summary>Sequences in which each latent is on at least once.</summary>
    public ReadOnlySpan<long> SequenceCount => Column<Int64Array>("sequence_count").Values;

    /// <summary>Largest activation of each latent.</summary>
    public ReadOnlySpan<float> Max => Column<FloatArray>("max").Values;

    /// <summary>Sum of each latent's activations.</summary>
    public ReadOnlySpan<double> Sum => Column<DoubleArray>("sum").Values;

    /// <summary>Sum of each latent's squared activations.</summary>
    public ReadOnlySpan<double> SumSquares => Column<DoubleArray>("sum_squares").Values;

    /// <summary>Norm of each latent's decoder row.</summary>
    public ReadOnlySpan<float> DecoderNorm => Column<FloatArray>("decoder_norm").Values;

    /// <summary>Token most common at the peaks of each latent's top examples; -1 where it never fires.</summary>
    public ReadOnlySpan<int> TopToken => Column<Int32Array>("top_token").Values;

    /// <summary>Latents that fire at least once.</summary>
    public int Alive
    {
        get
        {
            ReadOnlySpan<long> counts = FireCount;
            return counts.Length - counts.Count(0);
        }
    }

    /// <summary>Whether a folder holds a complete index.</summary>
    /// <param name="folder">The index's folder, <c>indexes/&lt;harvest&gt;</c> below a dictionary.</param>
    public static bool Exists(string folder)
    {
        return File.Exists(Path.Combine(folder, FeatureFiles.Features));
    }

    /// <summary>Opens a complete index.</summary>
    /// <param name="folder">The index's folder.</param>
    /// <exception cref="WorkbenchException">It is absent, damaged, or of an unknown version.</exception>
    public static FeatureIndex Open(string folder)
    {
        string path = Path.Combine(folder, FeatureFiles.Features);
        if (!File.Exists(path))
        {
            throw new WorkbenchException($"There is no complete index in {folder}; run 'saetrain index' for this dictionary.");
        }

        MappedArrow file = MappedArrow.Open(path, FeatureFiles.FeaturesFormat);
        ExampleTable? examples = null;
        try
        {
            FeatureIndexInfo info = ReadInfo(file);
            FeatureCheck.Require(file, info);
            examples = new ExampleTable(IndexedArrow.Open(Path.Combine(folder, FeatureFiles.Examples), FeatureFiles.ExamplesFormat));
            if (examples.Metadata.GetValueOrDefault(FeatureFiles.InfoKey) != file.Metadata[FeatureFiles.InfoKey])
            {
                throw new WorkbenchException(
                    $"{path} and {Path.Combine(folder, FeatureFiles.Examples)} are of two different runs; run 'saetrain index' again.");
            }

            return new FeatureIndex(folder, info, file, examples);
        }
        catch
        {
            examples?.Dispose();
            file.Dispose();
            throw;
        }
    }

    /// <summary>The share of the tokens analysed at which a latent is on.</summary>
    /// <param name="latent">The latent.</param>
    public double Density(int latent)
    {
        return Statistics(latent).Density;
    }

    /// <summary>What stands out about a latent.</summary>
    /// <param name="latent">The latent.</param>
    public FeatureFlags Flags(int latent)
    {
        return (FeatureFlags)Column<Int32Array>("flags").Values[latent];
    }

    /// <summary>The numbers of a latent.</summary>
    /// <param name="latent">The latent.</param>
    public FeatureStatistics Statistics(int latent)
    {
        Check(latent);
        return new FeatureStatistics(
            latent,
            FireCount[latent],
            Info.Rows,
            SequenceCount[latent],
            Max[latent],
            Sum[latent],
            SumSquares[latent],
            DecoderNorm[latent],
            TopToken[latent],
            Flags(latent));
    }

    /// <summary>The histogram of a latent's activations.</summary>
    /// <param name="latent">The latent.</param>
    public Histogram Histogram(int latent)
    {
        Check(latent);
        return new Histogram(Max[latent], Run<Int64Array, long>("histogram", latent, Info.HistogramBins).ToArray());
    }

    /// <summary>The tokens that a latent makes more and less likely.</summary>
    /// <param name="latent">The latent.</param>
    public LogitTable Logits(int latent)
    {
        Check(latent);
        return Info.Logits == 0 ? new LogitTable([], []) : new LogitTable(Side("top", latent), Side("bottom", latent));
    }

    /// <summary>The latents with the most similar decoder rows, by falling cosine.</summary>
    /// <param name="latent">The latent.</param>
    public IReadOnlyList<FeatureNeighbour> Neighbours(int latent)
    {
        Check(latent);
        ReadOnlySpan<int> latents = Run<Int32Array, int>("neighbour_latents", latent, Info.Neighbours);
        ReadOnlySpan<float> cosines = Run<FloatArray, float>("neighbour_cosines", latent, Info.Neighbours);
        var neighbours = new List<FeatureNeighbour>(latents.Length);
        for (int i = 0; i < latents.Length && latents[i] >= 0; i++)
        {
            neighbours.Add(new FeatureNeighbour(latents[i], cosines[i]));
        }

        return neighbours;
    }

    /// <summary>What a latent has at each hook point of a dictionary of several, in their order; empty for a dictionary of one.</summary>
    /// <param name="latent">The latent.</param>
    public IReadOnlyList<HookShare> HookShares(int latent)
    {
        Check(latent);
        if (Info.Hooks is not { } hooks)
        {
            return [];
        }

        double[] amounts = Info.CountedHooks > 0
            ? [.. Run<Int64Array, long>(FeatureFiles.HookFireCount, latent, Info.CountedHooks).ToArray().Select(count => (double)count)]
            : [.. Run<FloatArray, float>(FeatureFiles.DirectionNorms, latent, Info.DirectionHooks).ToArray().Select(norm => (double)norm)];
        double[] compared = Info.CountedHooks > 0 || hooks.Any(hook => hook.MeanNorm is not > 0)
            ? amounts
            : [.. amounts.Zip(hooks, (norm, hook) => norm / hook.MeanNorm!.Value)];
        double total = compared.Sum();
        return [.. hooks.Select((hook, i) => new HookShare(hook.Name, amounts[i], total > 0 ? compared[i] / total : 0))];
    }

    /// <summary>The examples of a latent: the top group, then the intervals by rising value; empty groups included.</summary>
    /// <param name="latent">The latent.</param>
    /// <exception cref="WorkbenchException">examples.arrow is damaged.</exception>
    public IReadOnlyList<FeatureExampleGroup> Examples(int latent)
    {
        Check(latent);
        int count = Column<Int32Array>("example_count").Values[latent];
        FeatureExample[] examples = _examples.Read(latent, Column<Int64Array>("example_start").Values, count);
        ReadOnlySpan<long> sequences = Run<Int64Array, long>("interval_sequences", latent, Info.Intervals);
        float max = Max[latent];
        var groups = new List<FeatureExampleGroup> { Group(examples, FeatureExampleGroup.Top, 0, max, SequenceCount[latent]) };
        for (int i = 0; i < Info.Intervals; i++)
        {
            float lower = max * i / Info.Intervals;
            float upper = max * (i + 1) / Info.Intervals;
            groups.Add(Group(examples, FeatureExampleGroup.Interval(i), lower, upper, sequences[i]));
        }

        return groups;
    }

    /// <summary>Unmaps the columns and closes the examples.</summary>
    public void Dispose()
    {
        _examples.Dispose();
        _file.Dispose();
    }

    private static FeatureIndexInfo ReadInfo(MappedArrow file)
    {
        FeatureIndexInfo? info = null;
        try
        {
            info = JsonSerializer.Deserialize<FeatureIndexInfo>(file.Metadata.GetValueOrDefault(FeatureFiles.InfoKey, "null"), WorkbenchJson.Compact);
        }
        catch (JsonException)
        {
            // Said below, with the file's name.
        }

        if (info is null || file.Batches.Count != 1 || file.Rows != info.Latents)
        {
            throw new WorkbenchException($"{file.Path} does not describe itself as one batch of all latents; run 'saetrain index' again.");
        }

        return info.FormatVersion == FeatureIndexInfo.CurrentFormatVersion
            ? info
            : throw new WorkbenchException(
                $"{file.Path} has format_version {info.FormatVersion} where {FeatureIndexInfo.CurrentFormatVersion} was expected; use the build that wrote it.");
    }

    private static FeatureExampleGroup Group(FeatureExample[] examples, string name, float lower, float upper, long sequences)
    {
        return new FeatureExampleGroup(name, lower, upper, sequences, [.. examples.Where(example => example.Group == name)]);
    }

    private List<TokenLogit> Side(string side, int latent)
    {
        ReadOnlySpan<int> ids = Run<Int32Array, int>($"{side}_logit_ids", latent, Info.Logits);
        ReadOnlySpan<float> values = Run<FloatArray, float>($"{side}_logit_values", latent, Info.Logits);
        var entries = new List<TokenLogit>(ids.Length);
        for (int i = 0; i < ids.Length && ids[i] >= 0; i++)
        {
            entries.Add(new TokenLogit(ids[i], values[i]));
        }

        return entries;
    }

    private TArray Column<TArray>(string name)
        where TArray : class, IArrowArray
    {
        return _file.Column<TArray>(_batch, name);
    }

    private ReadOnlySpan<T> Run<TArray, T>(string name, int latent, int length)
        where TArray : PrimitiveArray<T>
        where T : struct, IEquatable<T>
    {
        var items = (TArray)Column<FixedSizeListArray>(name).Values;
        return items.Values.Slice(latent * length, length);
    }

    private void Check(int latent)
    {
        if ((uint)latent >= (uint)Latents)
        {
            throw new WorkbenchException($"Latent {latent} does not exist; the dictionary has latents 0 to {Latents - 1}.");
        }
    }
}
