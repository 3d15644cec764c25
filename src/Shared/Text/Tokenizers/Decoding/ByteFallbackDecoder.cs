using System.Globalization;
using System.Text;
using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.Decoding;

/// <summary>
/// Tokens <c>&lt;0xNN&gt;</c> to the text of their bytes. A run of them that is not UTF-8 as a whole gives one U+FFFD per byte.
/// </summary>
internal sealed class ByteFallbackDecoder : IDecoder
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public void Decode(List<string> tokens)
    {
        var run = new List<byte>();
        int written = 0;
        for (int index = 0; index <= tokens.Count; index++)
        {
            if (index < tokens.Count && TryParse(tokens[index], out byte value))
            {
                run.Add(value);
                continue;
            }

            if (run.Count > 0)
            {
                // The text of a run stands where its first token stood.
                tokens[written++] = Text([.. run]);
                run.Clear();
            }

            if (index < tokens.Count)
            {
                tokens[written++] = tokens[index];
            }
        }

        tokens.RemoveRange(written, tokens.Count - written);
    }

    public TokenContent Inside(TokenContent token)
    {
        return TryParse(token.Text, out byte value) ? token with { Bytes = [value] } : token;
    }

    private static bool TryParse(string token, out byte value)
    {
        value = 0;
        return token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
            && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    private static string Text(byte[] bytes)
    {
        try
        {
            return s_strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return new string('\uFFFD', bytes.Length);
        }
    }

    private sealed class Reader : IStepReader<IDecoder>
    {
        public string Type => "ByteFallback";

        public IDecoder Read(JsonField field)
        {
            field.Only();
            return new ByteFallbackDecoder();
        }
    }
}
