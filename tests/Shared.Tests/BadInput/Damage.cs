using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Workbench.Shared.Tests.BadInput;

/// <summary>Ways to damage a file.</summary>
internal static class Damage
{
    private const int Head = 256;

    private static readonly ulong[] s_numbers =
    [
        0, 1, 2, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0xFFFF, 0x10000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x1_0000_0000, 1UL << 40,
        long.MaxValue, 1UL << 63, ulong.MaxValue, ulong.MaxValue - 7,
    ];

    private static readonly string[] s_values =
    [
        "null", "true", "false", "0", "-1", "1", "3", "1.5", "2147483647", "2147483648", "-2147483649", "9223372036854775807",
        "18446744073709551616", "1e400", "1e-400", "-0.0", "\"\"", "\"x\"", "\"\\ud800\"", "\"\\u0000\"", "\"\uFFFD\"", "{}", "[]",
        "[null]", "[1,2]", "[\"a\",\"b\"]", "{\"type\":\"Sequence\"}", "{\"\\udc00\":1}", "[[[[[[[[]]]]]]]]", "{\"type\":\"Nothing\"}",
        "\"(a{1,9}){1,9}\"", "\"[\"", "\"\\\\p{L}+\"",
    ];

    /// <summary>Bits, bytes, numbers and stretches, in the head and the tail of the file as often as in all the rest.</summary>
    public static byte[] Bytes(byte[] whole, Random random)
    {
        List<byte> bytes = [.. whole];
        for (int left = random.Next(1, 4); left > 0 && bytes.Count > 0; left--)
        {
            Once(bytes, random);
        }

        return [.. bytes];
    }

    /// <summary>Values and names of a JSON text exchanged, doubled or taken out; every fourth time its bytes as those of any file.</summary>
    public static byte[] Json(byte[] whole, Random random)
    {
        if (random.Next(4) == 0)
        {
            return Bytes(whole, random);
        }

        byte[] bytes = whole;
        for (int left = random.Next(1, 3); left > 0; left--)
        {
            List<(int Start, int End, bool IsName)> tokens = Tokens(bytes);
            if (tokens.Count == 0)
            {
                break;
            }

            (int start, int end, bool isName) = tokens[random.Next(tokens.Count)];
            (int from, int to, _) = tokens[random.Next(tokens.Count)];
            byte[] put = random.Next(5) switch
            {
                0 => bytes[from..to],
                1 when !isName => [],
                2 when isName => Encoding.UTF8.GetBytes("\"added\""),
                _ => Encoding.UTF8.GetBytes(s_values[random.Next(s_values.Length)]),
            };
            bytes = [.. bytes[..start], .. put, .. bytes[end..]];
        }

        return bytes;
    }

    private static void Once(List<byte> bytes, Random random)
    {
        int at = random.Next(3) switch
        {
            0 => random.Next(Math.Min(Head, bytes.Count)),
            1 => bytes.Count - 1 - random.Next(Math.Min(Head, bytes.Count)),
            _ => random.Next(bytes.Count),
        };
        int length = Math.Min(random.Next(1, 65), bytes.Count - at);
        switch (random.Next(9))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2 or 3 or 4:
                Span<byte> number = stackalloc byte[8];
                BinaryPrimitives.WriteUInt64LittleEndian(number, s_numbers[random.Next(s_numbers.Length)]);
                int width = Math.Min(1 << random.Next(1, 4), bytes.Count - at);
                for (int index = 0; index < width; index++)
                {
                    bytes[at + index] = number[index];
                }

                break;
            case 5:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 6:
                bytes.RemoveRange(at, length);
                break;
            case 7:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            default:
                for (int index = at; index < at + length; index++)
                {
                    bytes[index] = 0;
                }

                break;
        }
    }

    private static List<(int Start, int End, bool IsName)> Tokens(byte[] bytes)
    {
        var tokens = new List<(int Start, int End, bool IsName)>();
        var reader = new Utf8JsonReader(bytes);
        try
        {
            while (reader.Read())
            {
                int start = (int)reader.TokenStartIndex;
                if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
                {
                    Utf8JsonReader ahead = reader;
                    ahead.Skip();
                    tokens.Add((start, (int)ahead.BytesConsumed, false));
                }
                else if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    tokens.Add((start, bytes.AsSpan(start + 1).IndexOf((byte)'"') + start + 2, true));
                }
                else if (reader.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject))
                {
                    tokens.Add((start, (int)reader.BytesConsumed, false));
                }
            }
        }
        catch (JsonException)
        {
            // What was found before the damage of an earlier step still serves.
        }

        return tokens;
    }
}
