namespace Workbench.Text.Tokenizers.Models;

/// <summary>For a pair of ids, the rank of its merge and the id it makes. A pair written twice has the rank of its last place.</summary>
internal sealed class MergeTable
{
    public const long None = long.MaxValue;

    private readonly Dictionary<long, long> _merges;

    public MergeTable(int capacity)
    {
        _merges = new Dictionary<long, long>(capacity);
    }

    public void Add(int left, int right, int rank, int merged)
    {
        _merges[Key(left, right)] = ((long)rank << 32) | (uint)merged;
    }

    /// <summary>Rank in the upper half, id in the lower; <see cref="None"/> when the pair never merges.</summary>
    public long Find(int left, int right)
    {
        return _merges.TryGetValue(Key(left, right), out long merge) ? merge : None;
    }

    public static int MergedId(long merge)
    {
        return (int)merge;
    }

    public static int Rank(long merge)
    {
        return (int)(merge >> 32);
    }

    private static long Key(int left, int right)
    {
        return ((long)left << 32) | (uint)right;
    }
}
