namespace Workbench.SaeTrain.Indexing;

/// <summary>The sequences with the largest peaks of every latent, by falling peak; of equal peaks the earlier sequence.</summary>
internal sealed class TopPeaks(int latents, int capacity)
{
    private readonly PeakPlace[] _places = new PeakPlace[(long)latents * capacity];
    private readonly int[] _counts = new int[latents];

    public ReadOnlySpan<PeakPlace> Of(int latent)
    {
        return _places.AsSpan(latent * capacity, _counts[latent]);
    }

    /// <summary>Offers a sequence's peak; sequences come in rising order.</summary>
    public void Offer(int latent, PeakPlace place)
    {
        Span<PeakPlace> held = _places.AsSpan(latent * capacity, capacity);
        int count = _counts[latent];
        if (count == capacity && (capacity == 0 || place.Value <= held[capacity - 1].Value))
        {
            return;
        }

        int at = count == capacity ? capacity - 1 : count;
        for (; at > 0 && held[at - 1].Value < place.Value; at--)
        {
            held[at] = held[at - 1];
        }

        held[at] = place;
        _counts[latent] = Math.Min(capacity, count + 1);
    }
}
