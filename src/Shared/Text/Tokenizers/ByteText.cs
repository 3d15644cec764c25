using System.Buffers;
using System.Globalization;
using System.Text;

namespace Workbench.Text.Tokenizers;

/// <summary>Bytes of a token as text that hides nothing: whole characters as they are, other bytes in hexadecimal.</summary>
internal static class ByteText
{
    private const char Open = '\u27E8';
    private const char Close = '\u27E9';

    /// <summary>For example " caf\u27E8C3\u27E9" for a token that ends amid a character.</summary>
    public static string Render(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        bool open = false;
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int consumed) == OperationStatus.Done)
            {
                text.Append(open ? Close.ToString() : "").Append(rune.ToString());
                open = false;
            }
            else
            {
                foreach (byte value in bytes[..consumed])
                {
                    text.Append(open ? ' ' : Open).Append(value.ToString("X2", CultureInfo.InvariantCulture));
                    open = true;
                }
            }

            bytes = bytes[consumed..];
        }

        return open ? text.Append(Close).ToString() : text.ToString();
    }
}
