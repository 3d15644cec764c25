using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace Workbench.Models.Weights;

/// <summary>Reads and checks the header of a safetensors file before anything is allocated for what it claims.</summary>
internal sealed class SafetensorsHeader
{
    private const long Limit = 100_000_000;
    private const int MostDimensions = 16;

    private readonly string _path;
    private readonly long _fileLength;

    private SafetensorsHeader(string path, long fileLength)
    {
        _path = path;
        _fileLength = fileLength;
    }

    public Dictionary<string, SafetensorsEntry> Entries { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    public static SafetensorsHeader Read(string path)
    {
        using FileStream file = Open(path);
        var header = new SafetensorsHeader(path, file.Length);
        Span<byte> prefix = stackalloc byte[8];
        if (file.ReadAtLeast(prefix, 8, throwOnEndOfStream: false) < 8)
        {
            throw header.Bad($"is {file.Length} bytes long, too short for a safetensors header");
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > Limit || length > (ulong)(file.Length - 8))
        {
            throw header.Bad($"claims a header of {length:N0} bytes, but the file has {file.Length:N0} and a header may have {Limit:N0}");
        }

        byte[] json = new byte[length];
        file.ReadExactly(json);
        header.Parse(json, 8 + (long)length);
        return header;
    }

    private static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new WorkbenchException($"{path} cannot be read ({failure.Message}); check the path and its permissions.", failure);
        }
    }

    private WorkbenchException Bad(string found, Exception? inner = null)
    {
        string sentence = $"{_path} {found}; the file is damaged or not safetensors, fetch or export it again.";
        return inner is null ? new WorkbenchException(sentence) : new WorkbenchException(sentence, inner);
    }

    private void Parse(byte[] json, long dataStart)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (property.NameEquals("__metadata__"))
                {
                    JsonElement pairs = property.Value.ValueKind == JsonValueKind.Object
                        ? property.Value
                        : throw Bad("has a field '__metadata__' that is not an object of texts");
                    foreach (JsonProperty pair in pairs.EnumerateObject())
                    {
                        Metadata[pair.Name] = pair.Value.ValueKind == JsonValueKind.String
                            ? pair.Value.GetString()!
                            : throw Bad($"has a field '__metadata__.{pair.Name}' that is not text");
                    }
                }
                else if (!Entries.TryAdd(property.Name, Entry(property, dataStart)))
                {
                    throw Bad($"holds tensor '{property.Name}' twice");
                }
            }

            RefuseOverlaps();
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw Bad("has a header that is not the JSON object it should be", failure);
        }
    }

    private void RefuseOverlaps()
    {
        SafetensorsEntry? before = null;
        foreach (SafetensorsEntry entry in Entries.Values.Where(entry => entry.Length > 0).OrderBy(entry => entry.Offset))
        {
            if (before is not null && entry.Offset < before.Offset + before.Length)
            {
                throw Bad($"has data_offsets that let tensors '{before.Name}' and '{entry.Name}' overlap");
            }

            before = entry;
        }
    }

    private SafetensorsEntry Entry(JsonProperty property, long dataStart)
    {
        string name = property.Name;
        if (property.Value.ValueKind != JsonValueKind.Object || !property.Value.TryGetProperty("dtype", out JsonElement typeName)
            || typeName.ValueKind != JsonValueKind.String || typeName.GetString() is not { } dtype)
        {
            throw Bad($"gives tensor '{name}' no field 'dtype' of text");
        }

        if (!SafetensorsTypes.TryParse(dtype, out ScalarType type))
        {
            throw Bad($"stores tensor '{name}' as dtype '{dtype}', which is not supported");
        }

        long[] shape = Numbers(property, "shape");
        if (Numbers(property, "data_offsets") is not [long start, long end])
        {
            throw Bad($"gives tensor '{name}' a field 'data_offsets' that is not two whole numbers");
        }

        if (start < 0 || end < start || end > _fileLength - dataStart)
        {
            throw Bad($"places tensor '{name}' at data_offsets {start:N0} to {end:N0}, but holds {_fileLength - dataStart:N0} bytes of data");
        }

        Int128 bytes = shape.Aggregate(
            (Int128)SafetensorsTypes.Size(type), (product, size) => product > long.MaxValue ? product : product * Math.Max(size, -1));
        if (shape.Length > MostDimensions || shape.Any(size => size is < 0 or > int.MaxValue) || bytes != end - start)
        {
            throw Bad(
                $"gives tensor '{name}' the shape [{string.Join(", ", shape.Take(MostDimensions))}] of {dtype} but {end - start:N0} bytes of at most {MostDimensions} dimensions");
        }

        return new SafetensorsEntry(name, type, shape, dataStart + start, end - start);
    }

    private long[] Numbers(JsonProperty property, string field)
    {
        if (!property.Value.TryGetProperty(field, out JsonElement list) || list.ValueKind != JsonValueKind.Array)
        {
            throw Bad($"gives tensor '{property.Name}' no list '{field}'");
        }

        long[] numbers = new long[list.GetArrayLength()];
        int index = 0;
        foreach (JsonElement item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out numbers[index++]))
            {
                throw Bad($"gives tensor '{property.Name}' a field '{field}' that holds something else than whole numbers");
            }
        }

        return numbers;
    }
}
