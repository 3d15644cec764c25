using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Workbench.Models.Weights;

/// <summary>Writes safetensors files.</summary>
public static class SafetensorsWriter
{
    private const int Alignment = 64;

    /// <summary>
    /// Writes tensors in the given order to a stream. The header is padded so that the data starts at a multiple of 64 bytes,
    /// which keeps every tensor of a usual size readable in place.
    /// </summary>
    /// <param name="stream">Where to write; callers make it atomic.</param>
    /// <param name="tensors">Names and tensors on any device and of any layout.</param>
    /// <param name="metadata">Free-form text pairs, or none.</param>
    public static void Write(Stream stream, IReadOnlyList<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        byte[] header = Header(tensors, metadata);
        int padding = (Alignment - ((8 + header.Length) % Alignment)) % Alignment;
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length + padding);
        stream.Write(prefix);
        stream.Write(header);
        Span<byte> spaces = stackalloc byte[padding];
        spaces.Fill((byte)' ');
        stream.Write(spaces);
        foreach ((_, Tensor tensor) in tensors)
        {
            using var scope = NewDisposeScope();
            WriteData(stream, tensor.detach().cpu().contiguous());
        }
    }

    private static byte[] Header(IReadOnlyList<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach ((string key, string value) in metadata)
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            long offset = 0;
            foreach ((string name, Tensor tensor) in tensors)
            {
                long end = offset + (tensor.numel() * SafetensorsTypes.Size(tensor.dtype));
                WriteEntry(json, name, tensor, offset, end);
                offset = end;
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void WriteEntry(Utf8JsonWriter json, string name, Tensor tensor, long start, long end)
    {
        json.WriteStartObject(name);
        json.WriteString("dtype", SafetensorsTypes.Name(tensor.dtype));
        json.WriteStartArray("shape");
        foreach (long size in tensor.shape)
        {
            json.WriteNumberValue(size);
        }

        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(start);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteData(Stream stream, Tensor tensor)
    {
        // Spans hold less than 2 GiB, so large tensors go out in rows.
        if (tensor.numel() * SafetensorsTypes.Size(tensor.dtype) <= int.MaxValue)
        {
            stream.Write(tensor.bytes);
            return;
        }

        for (long row = 0; row < tensor.shape[0]; row++)
        {
            using Tensor part = tensor[row];
            WriteData(stream, part);
        }
    }
}
