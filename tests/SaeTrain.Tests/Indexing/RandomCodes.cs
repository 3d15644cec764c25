using Workbench.Activations;
using Workbench.Dictionaries;
using Workbench.Features;
using Workbench.Testing;

namespace Workbench.SaeTrain.Tests.Indexing;

/// <summary>Random sparse codes over random sequences, on disk and in dense form.</summary>
internal sealed class RandomCodes : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public RandomCodes(int latents, int sequences, int context, int blocks, int excluded, int seed)
    {
        var random = new Random(seed);
        Tokens = [.. Enumerable.Range(0, sequences).Select(_ => Enumerable.Range(0, random.Next(excluded + 1, context + 1)).Select(_ => random.Next(50)).ToArray())];
        Dense = [.. Tokens.Select(tokens => tokens.Select((_, position) => Row(random, latents, position < excluded)).ToArray())];
        Info = SyntheticFeatureIndex.Info with
        {
            Latents = latents,
            Tokens = Tokens.Sum(tokens => tokens.Length - excluded),
            Sequences = sequences,
            Context = context,
            ExcludedLeading = excluded,
            TopExamples = 6,
            ExamplesPerInterval = 3,
        };
        WriteSequences(excluded);
        WriteCodes(blocks, excluded);
    }

    public string Folder => _folder.Path;

    public FeatureIndexInfo Info { get; }

    public int[][] Tokens { get; }

    /// <summary>Activations by sequence, position and latent; zero at excluded positions.</summary>
    public float[][][] Dense { get; }

    public SequenceTable OpenSequences()
    {
        return SequenceTable.Open(Path.Combine(Folder, "sequences.arrow"));
    }

    public float[] Window(int sequence, int latent)
    {
        return [.. Dense[sequence].Select(row => row[latent])];
    }

    public void Dispose()
    {
        _folder.Dispose();
    }

    // Few distinct values, so that equal peaks occur; the last latent never fires, the first fires nearly always.
    private static float[] Row(Random random, int latents, bool excluded)
    {
        float[] row = new float[latents];
        for (int latent = 0; latent < latents - 1 && !excluded; latent++)
        {
            double share = latent == 0 ? 0.9 : 0.25 / latent;
            row[latent] = random.NextDouble() < share ? (1 + random.Next(40)) * 0.1f : 0;
        }

        return row;
    }

    private void WriteSequences(int excluded)
    {
        using var writer = new SequenceTableWriter(Folder);
        long row = 0;
        foreach ((int sequence, int[] tokens) in Tokens.Index())
        {
            writer.Add(1000 + sequence, tokens, row, excluded);
            row += tokens.Length - excluded;
        }

        writer.Complete();
    }

    private void WriteCodes(int blocks, int excluded)
    {
        using var writer = new CodeTableWriter(Folder, Info);
        foreach (int[] part in Enumerable.Range(0, Tokens.Length).Chunk((Tokens.Length + blocks - 1) / blocks))
        {
            var rows = part.SelectMany(s => Enumerable.Range(excluded, Tokens[s].Length - excluded).Select(p => (Sequence: s, Position: p))).ToList();
            var offsets = new List<long> { 0 };
            var indices = new List<int>();
            var values = new List<float>();
            foreach ((int sequence, int position) in rows)
            {
                for (int latent = 0; latent < Info.Latents; latent++)
                {
                    if (Dense[sequence][position][latent] > 0)
                    {
                        indices.Add(latent);
                        values.Add(Dense[sequence][position][latent]);
                    }
                }

                offsets.Add(indices.Count);
            }

            writer.Add(
                new SparseCode(Info.Latents, [.. offsets], [.. indices], [.. values]),
                [.. rows.Select(r => Tokens[r.Sequence][r.Position])],
                [.. rows.Select(r => (long)r.Sequence)],
                [.. rows.Select(r => r.Position)]);
        }

        writer.Complete();
    }
}
