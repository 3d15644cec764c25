namespace Workbench.SaeTrain.Comparison;

/// <summary>Marks what nothing else beats in two numbers at once.</summary>
internal static class ParetoFront
{
    /// <summary>Marks the front of L0 against FVU and against CE recovered, among dictionaries of one hook whose numbers come from the same source.</summary>
    public static IReadOnlyList<ComparedDictionary> Mark(IReadOnlyList<ComparedDictionary> dictionaries)
    {
        return
        [
            .. dictionaries.Select(one =>
            {
                ComparedDictionary[] rivals = [.. dictionaries.Where(other => (other.Hook, other.From) == (one.Hook, one.From))];
                return one with
                {
                    BestFvu = IsOn(one, rivals, dictionary => dictionary.Fvu),
                    BestCeRecovered = IsOn(one, rivals, dictionary => -dictionary.CeRecovered),
                };
            }),
        ];
    }

    private static bool IsOn(ComparedDictionary one, ComparedDictionary[] rivals, Func<ComparedDictionary, double?> cost)
    {
        return one.ActiveLatents is double active && cost(one) is double price
            && !rivals.Any(other => other.ActiveLatents <= active && cost(other) <= price && (other.ActiveLatents < active || cost(other) < price));
    }
}
