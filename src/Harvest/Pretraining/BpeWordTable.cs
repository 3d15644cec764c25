namespace Workbench.Harvest.Pretraining;

/// <summary>Words as symbols with their counts, and the counts of neighbouring pairs kept up to date through merges.</summary>
internal sealed class BpeWordTable
{
    private readonly List<int[]> _words = [];
    private readonly List<long> _counts = [];
    private readonly Dictionary<BpePair, long> _pairCounts = [];
    private readonly Dictionary<BpePair, HashSet<int>> _wordsOfPair = [];
    private readonly PriorityQueue<BpePair, (long Count, int Left, int Right)> _queue = new();

    public BpeWordTable(IEnumerable<(byte[] Bytes, long Count)> words)
    {
        foreach ((byte[] bytes, long count) in words)
        {
            int[] symbols = Array.ConvertAll(bytes, value => (int)value);
            Count(_words.Count, symbols, count);
            _words.Add(symbols);
            _counts.Add(count);
        }

        foreach ((BpePair pair, _) in _pairCounts)
        {
            Enqueue(pair);
        }
    }

    /// <summary>The pair with the largest count, or null when no pair is left that occurs twice.</summary>
    public BpePair? MostFrequentPair()
    {
        while (_queue.TryDequeue(out BpePair pair, out (long Count, int Left, int Right) priority))
        {
            // Counts only shrink behind the queue's back, so an outdated entry goes back with its present count.
            long count = _pairCounts.GetValueOrDefault(pair);
            if (count == -priority.Count && count > 1)
            {
                return pair;
            }

            if (count > 1)
            {
                Enqueue(pair);
            }
        }

        return null;
    }

    /// <summary>Replaces every occurrence of the pair by <paramref name="symbol"/>.</summary>
    public void Merge(BpePair pair, int symbol)
    {
        var touched = new HashSet<BpePair>();
        foreach (int word in _wordsOfPair[pair].ToArray())
        {
            Count(word, _words[word], -_counts[word]);
            _words[word] = Replace(_words[word], pair, symbol);
            Count(word, _words[word], _counts[word], touched);
        }

        _pairCounts.Remove(pair);
        _wordsOfPair.Remove(pair);
        foreach (BpePair changed in touched.Where(changed => changed.Left == symbol || changed.Right == symbol))
        {
            Enqueue(changed);
        }
    }

    private static int[] Replace(int[] word, BpePair pair, int symbol)
    {
        var merged = new List<int>(word.Length);
        for (int i = 0; i < word.Length; i++)
        {
            bool match = i + 1 < word.Length && word[i] == pair.Left && word[i + 1] == pair.Right;
            merged.Add(match ? symbol : word[i]);
            i += match ? 1 : 0;
        }

        return [.. merged];
    }

    private void Count(int word, int[] symbols, long count, HashSet<BpePair>? touched = null)
    {
        for (int i = 0; i + 1 < symbols.Length; i++)
        {
            var pair = new BpePair(symbols[i], symbols[i + 1]);
            _pairCounts[pair] = _pairCounts.GetValueOrDefault(pair) + count;
            touched?.Add(pair);
            if (count > 0)
            {
                if (!_wordsOfPair.TryGetValue(pair, out HashSet<int>? words))
                {
                    _wordsOfPair[pair] = words = [];
                }

                words.Add(word);
            }
        }
    }

    private void Enqueue(BpePair pair)
    {
        _queue.Enqueue(pair, (-_pairCounts[pair], pair.Left, pair.Right));
    }
}
