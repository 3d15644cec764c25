using System.Buffers;
using System.Text;
using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.Decoding;

/// <summary>Tokens of the byte alphabet to text; a broken UTF-8 sequence becomes one U+FFFD.</summary>
internal sealed class ByteLevelDecoder : IDecoder
{
    public void Decode(List<string> tokens)
    {
        const int MostBytesPerUnit = 3;
        byte[] bytes = ArrayPool<byte>.Shared.Rent(MostBytesPerUnit * tokens.Sum(token => token.Length));
        int count = 0;
        foreach (string token in tokens)
        {
            count += ByteAlphabet.Decode(token, bytes.AsSpan(count));
        }

        string text = Encoding.UTF8.GetString(bytes, 0, count);
        ArrayPool<byte>.Shared.Return(bytes);
        tokens.Clear();
        tokens.Add(text);
    }

    public TokenContent Inside(TokenContent token)
    {
        return token with { Bytes = ByteAlphabet.Decode(token.Text) };
    }

    private sealed class Reader : IStepReader<IDecoder>
    {
        public string Type => "ByteLevel";

        public IDecoder Read(JsonField field)
        {
            field.Only("add_prefix_space", "trim_offsets", "use_regex");
            return new ByteLevelDecoder();
        }
    }
}
