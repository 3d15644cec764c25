using Workbench.Activations;
using Workbench.Workspaces;

namespace Workbench.Testing;

/// <summary>
/// A complete harvest of made-up activations: sparse sums of directions with unequal frequencies, noise and a mean, in
/// sequences of a few tokens. Rows depend on the seed alone.
/// </summary>
public sealed record SyntheticHarvest
{
    private const int Active = 4;
    private const int Context = 16;

    public string Id { get; init; } = "h1";

    public IReadOnlyList<string> Hooks { get; init; } = ["blocks.0.hook_resid_post"];

    public int Rows { get; init; } = 4096;

    public int Width { get; init; } = 16;

    public int Seed { get; init; } = 1;

    /// <summary>Writes the harvest below a workspace and completes its run.</summary>
    /// <returns>The harvest's folder.</returns>
    public string Write(string workspace)
    {
        RunFolder run = new Workspace(workspace).HarvestFolder(Id);
        Directory.CreateDirectory(run.Path);
        run.Start(new RunManifest { Tool = "harvest", Verb = "run", Id = Id, Config = WorkbenchJson.Element(this), Seed = Seed });
        var shards = new List<HarvestShard>();
        var statistics = new List<ActivationStatistics>();
        foreach (string hook in Hooks)
        {
            HarvestShard[] written = [.. WriteHook(run.Path, hook)];
            shards.AddRange(written);
            using ActivationStore store = ActivationStore.Open([.. written.Select(shard => Path.Combine(run.Path, shard.File))]);
            statistics.Add(ActivationStatistics.Of(hook, store));
        }

        WriteTables(run.Path);
        AtomicFile.WriteJson(run.ResultsPath(HarvestStatistics.FileName), new HarvestStatistics(HarvestStatistics.CurrentFormatVersion, statistics));
        int sequences = (Rows + Context - 1) / Context;
        AtomicFile.WriteJson(run.ResultsPath(HarvestInfo.FileName), new HarvestInfo(
            HarvestInfo.CurrentFormatVersion, Id, "synthetic", "synthetic", ContentHash.OfText("model"), ContentHash.OfText("tokenizer"), "synthetic",
            ContentHash.OfText("corpus"), [.. Hooks.Select(hook => new HarvestHook(hook, Width))], Context, "never", 0, StorageType.Float32, "float32",
            Rows, sequences, sequences, Seed, shards));
        run.Finish(RunState.Complete);
        return run.Path;
    }

    private IEnumerable<HarvestShard> WriteHook(string folder, string hook)
    {
        var header = new ShardHeader("synthetic", ContentHash.OfText("model"), hook, Width, ContentHash.OfText("tokenizer"), "never", Context, Id);
        using var writer = new ShardWriter(folder, header, new ShardLayout(65_536, 1024), StorageType.Float32);
        float[] values = Values(hook);
        int[] tokens = new int[Rows];
        long[] sequences = new long[Rows];
        int[] positions = new int[Rows];
        for (int row = 0; row < Rows; row++)
        {
            (tokens[row], sequences[row], positions[row]) = (row % 97, row / Context, row % Context);
        }

        for (int row = 0; row < Rows;)
        {
            int count = Math.Min(writer.Room, Rows - row);
            writer.Append(new ActivationRows(
                values.AsSpan(row * Width, count * Width),
                tokens.AsSpan(row, count),
                sequences.AsSpan(row, count),
                sequences.AsSpan(row, count),
                positions.AsSpan(row, count)));
            row += count;
            if (writer.Room == 0 || row == Rows)
            {
                yield return writer.FinishShard()!;
            }
        }
    }

    private float[] Values(string hook)
    {
        var random = new Random(Seed + hook.Sum(letter => letter));
        int directions = 3 * Width;
        float[] basis = [.. Enumerable.Range(0, directions * Width).Select(_ => Normal(random) / MathF.Sqrt(Width))];
        float[] mean = [.. Enumerable.Range(0, Width).Select(_ => 0.5f * Normal(random))];
        float[] values = new float[Rows * Width];
        for (int row = 0; row < Rows; row++)
        {
            Span<float> target = values.AsSpan(row * Width, Width);
            mean.CopyTo(target);
            for (int active = 0; active < Active; active++)
            {
                int direction = (int)(directions * random.NextDouble() * random.NextDouble());
                float strength = 1 + random.NextSingle();
                for (int i = 0; i < Width; i++)
                {
                    target[i] += strength * basis[(direction * Width) + i];
                }
            }

            for (int i = 0; i < Width; i++)
            {
                target[i] += 0.02f * Normal(random);
            }
        }

        return values;
    }

    private static float Normal(Random random)
    {
        return (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
    }

    private void WriteTables(string folder)
    {
        using var sequences = new SequenceTableWriter(folder);
        using var documents = new DocumentTableWriter(folder);
        for (int first = 0; first < Rows; first += Context)
        {
            int[] tokens = [.. Enumerable.Range(first, Math.Min(Context, Rows - first)).Select(row => row % 97)];
            long number = first / Context;
            sequences.Add(number, tokens, first, 0);
            documents.Add(new DocumentEntry(number, $"document {number}", new Dictionary<string, string>(), "train", number, 1));
        }

        sequences.Complete();
        documents.Complete();
    }
}
