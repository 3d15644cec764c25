using System.Buffers;
using System.Globalization;
using System.Text;

namespace Workbench.Text.Tokenizers;

/// <summary>Finds added tokens in a text: leftmost first, the longest at one place, with the rules for words and white space.</summary>
internal sealed class AddedTokenMatcher
{
    private readonly Node _root = new();
    private readonly SearchValues<char> _firstCharacters;

    /// <param name="tokens">The tokens with the text to look for (a normalised form, perhaps). Of two equal texts the first counts.</param>
    public AddedTokenMatcher(IEnumerable<(string Text, AddedToken Token)> tokens)
    {
        foreach ((string text, AddedToken token) in tokens)
        {
            if (text.Length > 0)
            {
                Insert(text, token);
            }
        }

        _firstCharacters = SearchValues.Create([.. _root.Next.Keys]);
    }

    /// <summary>Appends the segments that cover the text. An empty text has none.</summary>
    public void Split(ReadOnlySpan<char> text, List<TextSegment> segments)
    {
        int covered = 0;
        int position = 0;
        while (position < text.Length)
        {
            int candidate = text[position..].IndexOfAny(_firstCharacters);
            if (candidate < 0)
            {
                break;
            }

            position += candidate;
            AddedToken? token = Longest(text, position, out int end);
            if (token is null)
            {
                position++;
                continue;
            }

            int start = position;
            position = end;
            if (token.SingleWord && (EndsWithWord(text[..start]) || StartsWithWord(text[end..])))
            {
                continue;
            }

            if (token.LeftStrip)
            {
                start = Math.Max(text[..start].TrimEnd().Length, covered);
            }

            if (token.RightStrip)
            {
                end = text.Length - text[end..].TrimStart().Length;
            }

            if (covered < start)
            {
                segments.Add(new TextSegment(covered, start, null));
            }

            segments.Add(new TextSegment(start, end, token));
            covered = end;
        }

        if (covered != text.Length)
        {
            segments.Add(new TextSegment(covered, text.Length, null));
        }
    }

    private AddedToken? Longest(ReadOnlySpan<char> text, int start, out int end)
    {
        AddedToken? longest = null;
        end = start;
        Node? node = _root;
        for (int position = start; position < text.Length && node.Next.TryGetValue(text[position], out node); position++)
        {
            if (node.Token is not null)
            {
                longest = node.Token;
                end = position + 1;
            }
        }

        return longest;
    }

    private void Insert(string text, AddedToken token)
    {
        Node node = _root;
        foreach (char character in text)
        {
            if (!node.Next.TryGetValue(character, out Node? next))
            {
                next = new Node();
                node.Next.Add(character, next);
            }

            node = next;
        }

        node.Token ??= token;
    }

    private static bool EndsWithWord(ReadOnlySpan<char> text)
    {
        return Rune.DecodeLastFromUtf16(text, out Rune rune, out _) == OperationStatus.Done && IsWord(rune);
    }

    private static bool StartsWithWord(ReadOnlySpan<char> text)
    {
        return Rune.DecodeFromUtf16(text, out Rune rune, out _) == OperationStatus.Done && IsWord(rune);
    }

    private static bool IsWord(Rune rune)
    {
        return Rune.GetUnicodeCategory(rune) switch
        {
            <= UnicodeCategory.LetterNumber => true,
            UnicodeCategory.ConnectorPunctuation => true,
            UnicodeCategory.OtherSymbol => rune.Value is (>= 0x24B6 and <= 0x24E9) or (>= 0x1F130 and <= 0x1F149)
                or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189),
            _ => rune.Value is 0x200C or 0x200D,
        };
    }

    private sealed class Node
    {
        public Dictionary<char, Node> Next { get; } = [];

        public AddedToken? Token { get; set; }
    }
}
