using System.Text;

namespace Workbench.Text.Tokenizers;

/// <summary>
/// The alphabet in which byte-level vocabularies write bytes: printable Latin-1 bytes stand for themselves, the other 68 for
/// U+0100 onwards in order of their value.
/// </summary>
internal static class ByteAlphabet
{
    private const int FirstSubstitute = 0x100;

    private static readonly char[] s_characters = BuildCharacters();
    private static readonly short[] s_bytes = BuildBytes();

    public static char CharacterOf(byte value)
    {
        return s_characters[value];
    }

    /// <summary>Bytes that the character takes in UTF-8: the unit in which offsets of the reference library advance.</summary>
    public static int Utf8WidthOf(byte value)
    {
        return s_characters[value] < 0x80 ? 1 : 2;
    }

    /// <summary>The bytes that the token stands for, or null when one of its characters is outside the alphabet.</summary>
    public static byte[]? TryDecode(string token)
    {
        var bytes = new byte[token.Length];
        for (int index = 0; index < token.Length; index++)
        {
            char character = token[index];
            if (character >= s_bytes.Length || s_bytes[character] < 0)
            {
                return null;
            }

            bytes[index] = (byte)s_bytes[character];
        }

        return bytes;
    }

    /// <summary>What a decoder makes of a token: its bytes in the alphabet, or the UTF-8 bytes of a token outside it.</summary>
    public static byte[] Decode(string token)
    {
        return TryDecode(token) ?? Encoding.UTF8.GetBytes(token);
    }

    /// <summary>Writes what <see cref="Decode(string)"/> gives and returns how many bytes that are, at most three per UTF-16 unit.</summary>
    public static int Decode(string token, Span<byte> bytes)
    {
        for (int index = 0; index < token.Length; index++)
        {
            char character = token[index];
            if (character >= s_bytes.Length || s_bytes[character] < 0)
            {
                return Encoding.UTF8.GetBytes(token, bytes);
            }

            bytes[index] = (byte)s_bytes[character];
        }

        return token.Length;
    }

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var builder = new StringBuilder(bytes.Length);
        foreach (byte value in bytes)
        {
            builder.Append(s_characters[value]);
        }

        return builder.ToString();
    }

    private static char[] BuildCharacters()
    {
        var characters = new char[256];
        int substitute = FirstSubstitute;
        for (int value = 0; value < characters.Length; value++)
        {
            bool printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            characters[value] = (char)(printable ? value : substitute++);
        }

        return characters;
    }

    private static short[] BuildBytes()
    {
        var bytes = new short[s_characters.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (int value = 0; value < s_characters.Length; value++)
        {
            bytes[s_characters[value]] = (short)value;
        }

        return bytes;
    }
}
