using System.Text;
using System.Text.RegularExpressions;

namespace Workbench.Harvest.Pretraining;

/// <summary>Learns a byte-level BPE vocabulary (Sennrich et al. 2016; bytes as in GPT-2) from texts.</summary>
internal sealed partial class BpeTrainer
{
    private readonly Dictionary<string, long> _words = new(StringComparer.Ordinal);
    private readonly string[] _byteSymbols = ByteSymbols();

    /// <summary>Counts the words of a text, split by the GPT-2 pattern.</summary>
    public void Add(string text)
    {
        foreach (ValueMatch match in Words().EnumerateMatches(text))
        {
            ReadOnlySpan<char> word = text.AsSpan(match.Index, match.Length);
            if (word.Length > 1)
            {
                string key = word.ToString();
                _words[key] = _words.GetValueOrDefault(key) + 1;
            }
        }
    }

    /// <summary>
    /// Merges the most frequent pair until the vocabulary has <paramref name="size"/> entries; ties go to the pair whose parts
    /// were learned first, so the result depends on the texts alone.
    /// </summary>
    /// <param name="size">Entries in all.</param>
    /// <param name="special">Special tokens; they get the first ids.</param>
    public BpeVocabulary Train(int size, IReadOnlyList<string> special)
    {
        var symbols = new List<string>(_byteSymbols);
        var words = new BpeWordTable(_words.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (Encoding.UTF8.GetBytes(pair.Key), pair.Value)));
        var merges = new List<(string Left, string Right)>();
        while (special.Count + symbols.Count < size && words.MostFrequentPair() is { } pair)
        {
            merges.Add((symbols[pair.Left], symbols[pair.Right]));
            words.Merge(pair, symbols.Count);
            symbols.Add(symbols[pair.Left] + symbols[pair.Right]);
        }

        // Two different pairs can spell the same symbol; the later one is a merge without an entry of its own.
        return new BpeVocabulary([.. special, .. symbols.Distinct(StringComparer.Ordinal)], merges, special);
    }

    /// <summary>GPT-2's printable stand-ins for the 256 bytes.</summary>
    private static string[] ByteSymbols()
    {
        var symbols = new string[256];
        int next = 256;
        for (int value = 0; value < 256; value++)
        {
            bool printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            symbols[value] = ((char)(printable ? value : next++)).ToString();
        }

        return symbols;
    }

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}
