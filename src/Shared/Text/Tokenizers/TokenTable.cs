using System.Collections.Frozen;
using Workbench.Text.Tokenizers.Decoding;

namespace Workbench.Text.Tokenizers;

/// <summary>Ids to tokens: their written form, their bytes and what kind they are.</summary>
internal sealed class TokenTable
{
    private readonly string?[] _written;
    private readonly byte[]?[] _bytes;
    private readonly string?[] _texts;
    private readonly FrozenSet<int> _special;
    private readonly IReadOnlyDictionary<string, int> _vocabulary;
    private readonly IDecoder _decoder;

    /// <param name="vocabulary">Tokens of the model as they are written.</param>
    /// <param name="added">Added tokens.</param>
    /// <param name="decoder">From tokens to text.</param>
    public TokenTable(IReadOnlyDictionary<string, int> vocabulary, IReadOnlyList<AddedToken> added, IDecoder decoder)
    {
        Added = added;
        _decoder = decoder;
        _vocabulary = vocabulary;
        int size = Math.Max(vocabulary.Values.DefaultIfEmpty(-1).Max(), added.Select(token => token.Id).DefaultIfEmpty(-1).Max()) + 1;
        _written = new string?[size];
        _bytes = new byte[]?[size];
        _texts = new string?[size];
        foreach ((string token, int id) in vocabulary)
        {
            _written[id] = token;
        }

        foreach (AddedToken token in added)
        {
            _written[token.Id] = token.Content;
        }

        _special = added.Where(token => token.Special).Select(token => token.Id).ToFrozenSet();
    }

    public int Size => _written.Length;

    public IReadOnlyList<AddedToken> Added { get; }

    public bool IsSpecial(int id)
    {
        return _special.Contains(id);
    }

    /// <summary>The id of a token in its written form, or null.</summary>
    public int? Find(string written)
    {
        AddedToken? added = Added.FirstOrDefault(token => token.Content == written);
        return added is not null ? added.Id : _vocabulary.TryGetValue(written, out int id) ? id : null;
    }

    /// <summary>The token as the vocabulary writes it, or an empty string for an id without token.</summary>
    public string Written(int id)
    {
        return _written[Known(id)] ?? "";
    }

    public byte[] Bytes(int id)
    {
        return _bytes[Known(id)] ??= _written[id] is { } written ? _decoder.Inside(new TokenContent(written)).ToBytes() : [];
    }

    public string Text(int id)
    {
        return _texts[Known(id)] ??= ByteText.Render(Bytes(id));
    }

    public int LeadingSpaces(int id)
    {
        string token = Written(id);
        int count = 0;
        while (count < token.Length && IsSpace(token[count]))
        {
            count++;
        }

        return count;
    }

    public int TrailingSpaces(int id)
    {
        string token = Written(id);
        int count = 0;
        while (count < token.Length && IsSpace(token[^(count + 1)]))
        {
            count++;
        }

        return count;
    }

    /// <summary>Text of the ids taken together. Ids without token are passed over.</summary>
    public string Decode(IEnumerable<int> ids, bool skipSpecial)
    {
        var tokens = new List<string>();
        foreach (int id in ids)
        {
            if (_written[Known(id)] is { } written && !(skipSpecial && IsSpecial(id)))
            {
                tokens.Add(written);
            }
        }

        _decoder.Decode(tokens);
        return string.Concat(tokens);
    }

    private static bool IsSpace(char character)
    {
        return character == ByteAlphabet.CharacterOf((byte)' ') || char.IsWhiteSpace(character);
    }

    private int Known(int id)
    {
        return (uint)id < (uint)_written.Length
            ? id
            : throw new WorkbenchException($"Token id {id} is not in the vocabulary, whose ids go from 0 to {_written.Length - 1}; use the tokenizer that made the ids.");
    }
}
