using Workbench.Text.Tokenizers;

namespace Workbench.Harvest.Harvesting;

/// <summary>Which positions of a sequence may give a row.</summary>
/// <param name="excludedLeading">Leading positions that give none.</param>
/// <param name="excludedTokens">Tokens that give none.</param>
internal sealed class PositionFilter(int excludedLeading, IReadOnlySet<int> excludedTokens)
{
    /// <summary>The rule of a harvest's settings.</summary>
    public static PositionFilter Of(int excludedLeading, bool excludesSpecial, TextTokenizer tokenizer)
    {
        return new PositionFilter(excludedLeading, excludesSpecial ? Special(tokenizer) : new HashSet<int>());
    }

    /// <summary>The positions that may give a row, rising.</summary>
    public int[] Kept(int[] tokens)
    {
        return [.. Enumerable.Range(0, tokens.Length).Where(position => position >= excludedLeading && !excludedTokens.Contains(tokens[position]))];
    }

    private static HashSet<int> Special(TextTokenizer tokenizer)
    {
        var special = new HashSet<int>(tokenizer.EosIds);
        special.UnionWith(Enumerable.Range(0, tokenizer.VocabularySize).Where(tokenizer.IsSpecial));
        if (tokenizer.BosId is { } bos)
        {
            special.Add(bos);
        }

        return special;
    }
}
