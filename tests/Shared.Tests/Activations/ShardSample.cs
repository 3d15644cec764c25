using TorchSharp;
using Workbench.Activations;
using Workbench.Workspaces;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Activations;

/// <summary>Random rows with recognisable labels, and shards written from them.</summary>
internal sealed class ShardSample
{
    public const string Hook = "blocks.1.hook_resid_post";

    public ShardSample(int rows, int width, int seed = 7)
    {
        var random = new Random(seed);
        Rows = rows;
        Width = width;
        Values = [.. Enumerable.Range(0, rows * width).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 4))))];
        TokenIds = [.. Enumerable.Range(0, rows).Select(_ => random.Next(50_000))];
        Documents = [.. Enumerable.Range(0, rows).Select(row => 1000L + (row / 17))];
        Sequences = [.. Enumerable.Range(0, rows).Select(row => (long)row / 5)];
        Positions = [.. Enumerable.Range(0, rows).Select(row => row % 5)];
    }

    public int Rows { get; }

    public int Width { get; }

    public float[] Values { get; }

    public int[] TokenIds { get; }

    public long[] Documents { get; }

    public long[] Sequences { get; }

    public int[] Positions { get; }

    public ShardHeader Header => new("tiny", new string('a', 64), Hook, Width, new string('b', 64), "never", 5, "h1");

    public IReadOnlyList<HarvestShard> Write(string folder, StorageType type, ShardLayout layout, int step = 3, FileOpener? open = null)
    {
        var shards = new List<HarvestShard>();
        using var writer = new ShardWriter(folder, Header, layout, type, 0, open);
        for (int row = 0; row < Rows;)
        {
            int count = Math.Min(Math.Min(step, Rows - row), writer.Room);
            writer.Append(Part(row, count));
            row += count;
            if (writer.Room == 0 || row == Rows)
            {
                shards.Add(writer.FinishShard()!);
            }
        }

        return shards;
    }

    public ActivationStore Open(string folder, IReadOnlyList<HarvestShard> shards)
    {
        return ActivationStore.Open([.. shards.Select(shard => Path.Combine(folder, shard.File))]);
    }

    public Tensor Expected(StorageType type)
    {
        using Tensor exact = torch.tensor(Values, [Rows, Width]);
        using Tensor stored = exact.to(type.ToScalarType());
        return stored.to(torch.ScalarType.Float32);
    }

    private ActivationRows Part(int row, int count)
    {
        return new ActivationRows(
            Values.AsSpan(row * Width, count * Width),
            TokenIds.AsSpan(row, count),
            Documents.AsSpan(row, count),
            Sequences.AsSpan(row, count),
            Positions.AsSpan(row, count));
    }
}
