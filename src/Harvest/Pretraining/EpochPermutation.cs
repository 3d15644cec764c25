namespace Workbench.Harvest.Pretraining;

/// <summary>
/// A permutation of 0..count-1 that is computed entry by entry: a four-round Feistel network over the next power of four,
/// walked until the value falls into range.
/// </summary>
internal readonly struct EpochPermutation
{
    private const int Rounds = 4;

    private readonly int _count;
    private readonly int _halfBits;
    private readonly ulong _key;

    public EpochPermutation(int count, int seed, long epoch)
    {
        _count = count;
        _halfBits = 1;
        while ((1L << (2 * _halfBits)) < count)
        {
            _halfBits++;
        }

        _key = Mix(Mix((ulong)seed + 0x9E3779B97F4A7C15) ^ (ulong)epoch);
    }

    public int this[int index]
    {
        get
        {
            ulong value = (ulong)index;
            do
            {
                value = Permute(value);
            }
            while (value >= (ulong)_count);
            return (int)value;
        }
    }

    /// <summary>A number below <paramref name="limit"/> that belongs to the epoch.</summary>
    public int Start(int limit)
    {
        return (int)(Mix(_key ^ 0xA5A5) % (ulong)limit);
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    private ulong Permute(ulong value)
    {
        ulong mask = (1UL << _halfBits) - 1;
        ulong left = value >> _halfBits;
        ulong right = value & mask;
        for (int round = 0; round < Rounds; round++)
        {
            (left, right) = (right, (left ^ Mix(_key + right + ((ulong)round << 32))) & mask);
        }

        return (left << _halfBits) | right;
    }
}
