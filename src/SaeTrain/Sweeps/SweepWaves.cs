using Workbench.SaeTrain.Training;

namespace Workbench.SaeTrain.Sweeps;

/// <summary>Which dictionaries of a sweep are trained side by side.</summary>
internal static class SweepWaves
{
    /// <summary>Dictionaries that read the same rows in the same order and batches go together, at most so many at a time.</summary>
    /// <exception cref="UsageException">They are to use different devices or numbers of threads.</exception>
    public static IReadOnlyList<DictionaryStart[]> Of(IReadOnlyList<DictionaryStart> starts, int? jobs)
    {
        if (starts.Select(start => (start.Config.Device, start.Config.Threads)).Distinct().Count() > 1)
        {
            throw new UsageException("The dictionaries of a sweep share one process: give device and threads in base, not in grid or runs.");
        }

        return
        [
            .. starts
                .GroupBy(start => (
                    start.Config.Harvest,
                    string.Join(',', start.Config.Hooks),
                    start.Config.HookOut,
                    Recipes.RecipeRegistry.Find(start.Config.Recipe, null).Arrangement,
                    start.Config.Batch,
                    start.Config.OrderSeed))
                .SelectMany(group => group.Chunk(jobs ?? int.MaxValue)),
        ];
    }

    /// <summary>Checks that the largest wave fits into memory.</summary>
    /// <returns>Bytes that it needs, by estimate.</returns>
    /// <exception cref="WorkbenchException">It does not.</exception>
    public static long RefuseTooLarge(IReadOnlyList<DictionaryStart[]> waves, long free)
    {
        DictionaryStart[] largest = waves.MaxBy(Needed)!;
        long needed = Needed(largest);
        return needed <= free
            ? needed
            : throw new WorkbenchException(
                FormattableString.Invariant($"The sweep trains {largest.Length} dictionaries side by side, which takes about {needed / 1e9:f2} GB, and {free / 1e9:f2} GB are free; give --jobs with a smaller number, or a smaller grid."));
    }

    private static long Needed(DictionaryStart[] wave)
    {
        return wave.Sum(start => TrainingMemory.Needed(start.Config));
    }
}
