namespace Workbench.SaeTrain.Recipes.SaeLens.Matryoshka;

/// <summary>
/// Prefixes whose lengths are drawn for each step, different from each other: <c>P(length &lt;= l) = sqrt(l / n)</c>, the
/// distribution of Nabeshima's Matryoshka autoencoders (2024), and always all latents. Draws depend on seed and step alone.
/// </summary>
/// <param name="count">Prefixes of a step, all latents included.</param>
/// <param name="latents">All latents, n.</param>
/// <param name="seed">The run's seed.</param>
internal sealed class RandomPrefixes(int count, int latents, long seed) : IPrefixes
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    public IReadOnlyList<int> At(long step)
    {
        var lengths = new SortedSet<int> { latents };
        ulong state = Mix(Mix((ulong)seed) + (ulong)step);
        while (lengths.Count < count)
        {
            state += Golden;
            double uniform = (Mix(state) >> 11) * (1.0 / (1L << 53));
            lengths.Add(1 + (int)(latents * uniform * uniform));
        }

        return [.. lengths];
    }

    public string LossName(int length)
    {
        return "inner_mse_loss";
    }

    // SplitMix64's finaliser (Steele, Lea and Flood 2014).
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
