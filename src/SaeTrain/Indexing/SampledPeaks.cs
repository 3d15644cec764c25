namespace Workbench.SaeTrain.Indexing;

/// <summary>
/// A uniform sample of the sequences of each interval of each latent: those whose mixed (seed, latent, sequence) is smallest, so
/// that the choice depends neither on the order of reading nor on how the harvest was cut.
/// </summary>
internal sealed class SampledPeaks(int latents, int intervals, int capacity, long seed)
{
    private readonly PeakPlace[] _places = new PeakPlace[(long)latents * intervals * capacity];
    private readonly ulong[] _keys = new ulong[(long)latents * intervals * capacity];
    private readonly int[] _counts = new int[latents * intervals];

    /// <summary>The sample of an interval by falling peak.</summary>
    public PeakPlace[] Of(int latent, int interval)
    {
        int slot = (latent * intervals) + interval;
        PeakPlace[] sample = _places.AsSpan(slot * capacity, _counts[slot]).ToArray();
        Array.Sort(sample, (a, b) => (b.Value, a.Sequence).CompareTo((a.Value, b.Sequence)));
        return sample;
    }

    public void Offer(int latent, int interval, PeakPlace place)
    {
        int slot = (latent * intervals) + interval;
        ulong key = Mix(Mix(Mix((ulong)seed) ^ (ulong)latent) ^ (ulong)place.Sequence);
        Span<ulong> keys = _keys.AsSpan(slot * capacity, capacity);
        int count = _counts[slot];
        if (count == capacity && (capacity == 0 || key >= keys[capacity - 1]))
        {
            return;
        }

        Span<PeakPlace> places = _places.AsSpan(slot * capacity, capacity);
        int at = count == capacity ? capacity - 1 : count;
        for (; at > 0 && keys[at - 1] > key; at--)
        {
            keys[at] = keys[at - 1];
            places[at] = places[at - 1];
        }

        keys[at] = key;
        places[at] = place;
        _counts[slot] = Math.Min(capacity, count + 1);
    }

    // The finaliser of SplitMix64 (Steele, Lea and Flood, 2014).
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
