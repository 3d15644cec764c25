using System.Globalization;
using System.Text;

namespace Workbench.Text.Tokenizers.Models;

/// <summary>
/// The segmentation of highest total score (Viterbi), where a character that no token covers alone costs the lowest score minus
/// 10. Neighbouring unknown characters are one token.
/// </summary>
internal sealed class UnigramModel : ITokenModel
{
    private const double UnknownPenalty = 10;

    private readonly Dictionary<string, int> _vocabulary;
    private readonly double[] _scores;
    private readonly int _unknown;
    private readonly double _unknownScore;
    private readonly bool _fallsBack;
    private readonly CharacterTrie _trie = new();

    /// <param name="vocabulary">Tokens with their ids; of two equal ones the later counts.</param>
    /// <param name="scores">Scores by id.</param>
    /// <param name="unknown">The id of unknown text.</param>
    /// <param name="fallsBack">Whether unknown text becomes bytes where all have tokens.</param>
    public UnigramModel(Dictionary<string, int> vocabulary, double[] scores, int unknown, bool fallsBack)
    {
        _vocabulary = vocabulary;
        _scores = scores;
        _unknown = unknown;
        _fallsBack = fallsBack;
        _unknownScore = scores.Min() - UnknownPenalty;
        foreach ((string token, int id) in vocabulary)
        {
            _trie.Add(token, id);
        }
    }

    public EncodedPiece Encode(ReadOnlySpan<char> piece)
    {
        var best = new Node[piece.Length + 1];
        for (int start = 0; start < piece.Length;)
        {
            Rune.DecodeFromUtf16(piece[start..], out _, out int width);
            double before = best[start].Score;
            bool covered = false;
            int state = CharacterTrie.Root;
            for (int end = start; end < piece.Length && _trie.TryStep(ref state, piece[end], out int id);)
            {
                end++;
                if (id >= 0)
                {
                    best[end].Offer(before + _scores[id], start, id);
                    covered |= end == start + width;
                }
            }

            if (!covered)
            {
                best[start + width].Offer(before + _unknownScore, start, _unknown);
            }

            start += width;
        }

        return Trace(piece, best);
    }

    private EncodedPiece Trace(ReadOnlySpan<char> piece, Node[] best)
    {
        var ids = new List<int>();
        var bounds = new List<int>();
        for (int end = piece.Length; end > 0;)
        {
            int start = best[end].Start;
            int id = best[end].Id;
            while (id == _unknown && start > 0 && best[start].Id == _unknown)
            {
                start = best[start].Start;
            }

            Place(piece[start..end], id, start, ids, bounds);
            end = start;
        }

        ids.Reverse();
        bounds.Reverse();
        return new EncodedPiece(piece.ToString(), [.. ids], [.. bounds]);
    }

    /// <summary>Adds a token from the back: its end, then its start.</summary>
    private void Place(ReadOnlySpan<char> text, int id, int start, List<int> ids, List<int> bounds)
    {
        int added = 1;
        if (id == _unknown && !_vocabulary.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out id))
        {
            id = _unknown;
            added = _fallsBack ? PlaceBytes(text, ids) : 0;
            if (added == 0)
            {
                ids.Add(id);
                added = 1;
            }
        }
        else
        {
            ids.Add(id);
        }

        for (int index = 0; index < added; index++)
        {
            bounds.Add(start + text.Length);
            bounds.Add(start);
        }
    }

    private int PlaceBytes(ReadOnlySpan<char> text, List<int> ids)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text.ToArray());
        int before = ids.Count;
        for (int index = bytes.Length - 1; index >= 0; index--)
        {
            if (!_vocabulary.TryGetValue(string.Create(CultureInfo.InvariantCulture, $"<0x{bytes[index]:X2}>"), out int id))
            {
                ids.RemoveRange(before, ids.Count - before);
                return 0;
            }

            ids.Add(id);
        }

        return bytes.Length;
    }

    /// <summary>The best way to a place of the text.</summary>
    private struct Node
    {
        private bool _reached;

        public double Score { get; private set; }

        public int Start { get; private set; }

        public int Id { get; private set; }

        public void Offer(double score, int start, int id)
        {
            if (!_reached || score > Score)
            {
                (_reached, Score, Start, Id) = (true, score, start, id);
            }
        }
    }
}
