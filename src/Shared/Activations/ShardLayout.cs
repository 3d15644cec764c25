namespace Workbench.Activations;

/// <summary>How rows are cut into files and record batches.</summary>
/// <param name="ShardRows">Rows of every shard but the last.</param>
/// <param name="BatchRows">Rows of every record batch but a shard's last.</param>
public sealed record ShardLayout(int ShardRows, int BatchRows)
{
    /// <summary>Rows of a record batch, unless a shard is smaller or the hooks together are wider than 4,096.</summary>
    public const int DefaultBatchRows = 16_384;

    /// <summary>Rows of a shard, unless its width makes that larger than a file may be.</summary>
    public const int DefaultShardRows = 65_536;

    // A shard is mapped as one block of memory, whose length is an int; the rest is room for the other columns and the footer.
    private const long LargestValues = int.MaxValue - (64L << 20);

    // A record batch of every hook is in memory until it is full.
    private const int MostValuesHeld = 1 << 26;

    /// <summary>The layout of shards of the given size, checked against the widest hook.</summary>
    /// <param name="shardRows">Rows a shard; null for the default.</param>
    /// <param name="widths">The hooks' widths.</param>
    /// <param name="type">The stored number type.</param>
    /// <exception cref="UsageException">A shard of that size would pass 2 GiB, or the size is not positive.</exception>
    public static ShardLayout For(int? shardRows, IReadOnlyList<int> widths, StorageType type)
    {
        int width = widths.Max();
        long most = LargestValues / ((long)width * type.Bytes());
        int rows = shardRows ?? (int)Math.Min(DefaultShardRows, most);
        int batchRows = (int)Math.Clamp(MostValuesHeld / widths.Sum(each => (long)each), 1, DefaultBatchRows);
        return rows >= 1 && rows <= most
            ? new ShardLayout(rows, Math.Min(rows, batchRows))
            : throw new UsageException(
                $"--shard-rows {rows} is out of range: at width {width} in {type.Name()} a shard holds 1 to {most} rows.");
    }
}
