using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using TorchSharp;
using static TorchSharp.torch;

namespace Workbench.Models.Weights.Npz;

/// <summary>The header of a .npy file: a magic number and the literal of a Python dictionary with type, order and shape.</summary>
internal sealed partial record NpyHeader(ScalarType Type, bool IsBigEndian, bool IsFortran, long[] Shape)
{
    private const int Alignment = 64;
    private const int LongestText = 10_000;

    // Least significant byte first, most significant first, does not matter, this machine's.
    private const string Orders = "<>|=";

    private static readonly byte[] s_magic = [0x93, .. "NUMPY"u8];

    private static readonly Dictionary<string, ScalarType> s_types = new(StringComparer.Ordinal)
    {
        ["f4"] = ScalarType.Float32,
        ["f8"] = ScalarType.Float64,
        ["f2"] = ScalarType.Float16,
        ["i8"] = ScalarType.Int64,
        ["i4"] = ScalarType.Int32,
        ["i2"] = ScalarType.Int16,
        ["i1"] = ScalarType.Int8,
        ["u1"] = ScalarType.Byte,
        ["b1"] = ScalarType.Bool,
    };

    /// <summary>Bytes of the array; huge claims saturate.</summary>
    public Int128 Bytes => Shape.Aggregate((Int128)Type.ElementSize(), (product, size) => product > long.MaxValue ? product : product * size);

    /// <summary>Bytes of the header itself.</summary>
    public long Start { get; private init; }

    /// <summary>Reads the header and leaves the stream at the first number.</summary>
    /// <param name="stream">The .npy file.</param>
    /// <param name="what">File and array, for messages.</param>
    public static NpyHeader Read(Stream stream, string what)
    {
        Span<byte> start = stackalloc byte[8];
        Fill(stream, start, what);
        if (!start[..6].SequenceEqual(s_magic) || start[6] is < 1 or > 3)
        {
            throw new WorkbenchException($"{what} is not an array of NumPy's format 1 to 3; export it again.");
        }

        Span<byte> size = stackalloc byte[start[6] == 1 ? 2 : 4];
        Fill(stream, size, what);
        uint length = size.Length == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(size) : BinaryPrimitives.ReadUInt32LittleEndian(size);
        if (length > LongestText)
        {
            throw new WorkbenchException($"{what} claims a header of {length:N0} bytes, where at most {LongestText:N0} were expected; the file is damaged.");
        }

        byte[] text = new byte[length];
        Fill(stream, text, what);
        return Parse(Encoding.UTF8.GetString(text), what) with { Start = start.Length + size.Length + length };
    }

    /// <summary>The header of an array in row-major order, padded so that the numbers start at a multiple of 64 bytes.</summary>
    public static byte[] Write(ScalarType type, long[] shape)
    {
        string descr = s_types.FirstOrDefault(pair => pair.Value == type).Key
            ?? throw new WorkbenchException($"Number type {type} has no form in a .npz file; convert the tensor first.");
        string sizes = shape.Length == 1 ? $"{shape[0]}," : string.Join(", ", shape);
        string text = string.Create(CultureInfo.InvariantCulture, $"{{'descr': '{(type.ElementSize() == 1 ? '|' : '<')}{descr}', 'fortran_order': False, 'shape': ({sizes}), }}");
        int padding = Alignment - ((s_magic.Length + 4 + text.Length + 1) % Alignment);
        byte[] bytes = new byte[s_magic.Length + 4 + text.Length + padding + 1];
        s_magic.CopyTo(bytes, 0);
        bytes[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)(bytes.Length - 10));
        Encoding.ASCII.GetBytes(text.PadRight(text.Length + padding) + "\n").CopyTo(bytes, 10);
        return bytes;
    }

    private static NpyHeader Parse(string text, string what)
    {
        if (text.Contains("'descr': [", StringComparison.Ordinal))
        {
            throw new WorkbenchException($"{what} holds records of several fields; save each field as an array of its own.");
        }

        Match match = Literal().Match(text);
        if (!match.Success)
        {
            throw new WorkbenchException($"{what} has a header that does not give descr, fortran_order and shape as NumPy writes them; the file is damaged.");
        }

        string descr = match.Groups["descr"].Value;
        if (!Orders.Contains(descr[0]) || !s_types.TryGetValue(descr[1..], out ScalarType type))
        {
            throw new WorkbenchException($"{what} has numbers of type '{descr}'{Kind(descr)}, where one of {string.Join(", ", s_types.Keys)} was expected.");
        }

        long[] shape =
        [
            .. match.Groups["shape"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(size => long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
                    ? number
                    : throw new WorkbenchException($"{what} has '{size}' in its shape, where a size was expected; the file is damaged.")),
        ];
        return new NpyHeader(type, descr[0] == '>' && type.ElementSize() > 1, match.Groups["order"].Value == "True", shape);
    }

    private static string Kind(string descr)
    {
        return descr[^1] == 'O' ? ", Python objects in a pickle, which is never run"
            : descr.Contains('V', StringComparison.Ordinal) ? ", bytes whose meaning NumPy does not store (bfloat16, perhaps: save it by astype('float32'))"
            : descr.Contains('u', StringComparison.Ordinal) ? ", unsigned numbers (save them by astype('int64'))"
            : string.Empty;
    }

    private static void Fill(Stream stream, Span<byte> target, string what)
    {
        if (stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) < target.Length)
        {
            throw new WorkbenchException($"{what} ends early; the file is damaged, fetch it again.");
        }
    }

    [GeneratedRegex(@"^\{'descr': '(?<descr>[^']{1,20})', 'fortran_order': (?<order>True|False), 'shape': \((?<shape>[0-9, ]*)\), ?\}\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Literal();
}
