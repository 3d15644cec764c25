using System.Text;

namespace Workbench.Text.Tokenizers;

/// <summary>
/// Turns ids into text one at a time: each call returns the characters that have become complete, and bytes of an unfinished one
/// wait for the next id. One decoder serves one stream and one thread.
/// </summary>
internal sealed class StreamingTextDecoder
{
    private readonly TokenTable _tokens;
    private readonly bool _skipSpecial;
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    /// <summary>Creates a decoder.</summary>
    /// <param name="tokenizer">The tokenizer that the ids belong to.</param>
    /// <param name="skipSpecial">Whether control tokens are left out.</param>
    public StreamingTextDecoder(TextTokenizer tokenizer, bool skipSpecial = true)
        : this(tokenizer.Tokens, skipSpecial)
    {
    }

    internal StreamingTextDecoder(TokenTable tokens, bool skipSpecial)
    {
        _tokens = tokens;
        _skipSpecial = skipSpecial;
    }

    /// <summary>Takes the next id and returns the text that it completes, which may be empty.</summary>
    /// <param name="id">The id.</param>
    /// <exception cref="WorkbenchException">The id is outside the vocabulary.</exception>
    public string Append(int id)
    {
        return _skipSpecial && _tokens.IsSpecial(id) ? "" : Convert(_tokens.Bytes(id), flush: false);
    }

    /// <summary>Ends the stream: what is left of an unfinished character comes as U+FFFD. The decoder can then be used anew.</summary>
    public string Flush()
    {
        return Convert([], flush: true);
    }

    private string Convert(byte[] bytes, bool flush)
    {
        Span<char> characters = stackalloc char[256];
        if (bytes.Length > characters.Length - 8)
        {
            characters = new char[bytes.Length + 8];
        }

        int written = _decoder.GetChars(bytes, characters, flush);
        return characters[..written].ToString();
    }
}
