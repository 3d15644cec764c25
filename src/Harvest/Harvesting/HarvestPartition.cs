using System.Globalization;

namespace Workbench.Harvest.Harvesting;

/// <summary>A share of a harvest's shards, for one of several processes.</summary>
/// <param name="Number">The share, from 1.</param>
/// <param name="Count">The number of shares.</param>
internal sealed record HarvestPartition(int Number, int Count)
{
    public static HarvestPartition Whole { get; } = new(1, 1);

    public bool IsWhole => Count == 1;

    public string Folder => FolderOf(Number);

    public string FolderOf(int number)
    {
        return string.Create(CultureInfo.InvariantCulture, $"partitions/{number}-of-{Count}");
    }

    /// <exception cref="UsageException">The text is not i/N with i from 1 to N.</exception>
    public static HarvestPartition Parse(string text)
    {
        string[] parts = text.Split('/');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && number >= 1 && number <= count
            ? new HarvestPartition(number, count)
            : throw new UsageException($"--partition is '{text}'; expected i/N with i from 1 to N, for example 2/4.");
    }

    /// <summary>The shards of this share: from the first to before the last.</summary>
    public (int First, int End) Shards(long rows, int shardRows)
    {
        long shards = (rows + shardRows - 1) / shardRows;
        return ((int)(shards * (Number - 1) / Count), (int)(shards * Number / Count));
    }
}
