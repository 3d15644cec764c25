namespace Workbench.Activations;

/// <summary>
/// A pseudo-random permutation of 0..count-1 that needs no memory: a balanced Feistel network over the next even power of two,
/// walked until it falls inside the range (Black and Rogaway 2002, "Ciphers with arbitrary finite domains"). Its place is a
/// single number, so a shuffle resumes anywhere at once.
/// </summary>
internal readonly struct RowPermutation
{
    private const int Rounds = 6;

    private readonly ulong _count;
    private readonly int _halfBits;
    private readonly ulong _key;

    public RowPermutation(long count, long seed, long epoch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _count = (ulong)count;
        int bits = 64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)count - 1);
        _halfBits = Math.Max(1, (bits + 1) / 2);
        _key = Mix(Mix((ulong)seed) + (ulong)epoch);
    }

    public long this[long index]
    {
        get
        {
            ulong value = (ulong)index;
            do
            {
                value = Encipher(value);
            }
            while (value >= _count);
            return (long)value;
        }
    }

    private ulong Encipher(ulong value)
    {
        ulong mask = (1UL << _halfBits) - 1;
        ulong left = value >> _halfBits;
        ulong right = value & mask;
        for (uint round = 0; round < Rounds; round++)
        {
            (left, right) = (right, left ^ (Mix(_key + (right * Rounds) + round) & mask));
        }

        return (left << _halfBits) | right;
    }

    // SplitMix64's finaliser (Steele, Lea and Flood 2014).
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
