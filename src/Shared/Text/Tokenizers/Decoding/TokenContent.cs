using System.Text;

namespace Workbench.Text.Tokenizers.Decoding;

/// <summary>A token on its way to text: text, or bytes that need not be whole characters.</summary>
internal readonly record struct TokenContent(string Text, byte[]? Bytes = null)
{
    /// <summary>The bytes in UTF-8.</summary>
    public byte[] ToBytes()
    {
        return Bytes ?? Encoding.UTF8.GetBytes(Text);
    }
}
