using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Workbench.Activations;

/// <summary>Where a message of an Arrow IPC file lies.</summary>
/// <param name="Start">Its first byte in the file.</param>
/// <param name="Length">Its bytes, body included.</param>
internal readonly record struct ArrowMessage(long Start, long Length)
{
    private const int Magic = 8;
    private const int Prefix = 8;
    private const int Continuation = -1;

    /// <summary>
    /// Finds the messages of a file, the schema first, by reading their metadata alone; every claim in it is held against the
    /// bytes that are there.
    /// </summary>
    /// <exception cref="InvalidDataException">The file is not whole.</exception>
    public static IReadOnlyList<ArrowMessage> Find(SafeFileHandle file)
    {
        long end = RandomAccess.GetLength(file) - Magic;
        if (end < Magic || !Bytes(file, 0, Magic).AsSpan().StartsWith("ARROW1"u8) || !Bytes(file, end, Magic).AsSpan().EndsWith("ARROW1"u8))
        {
            throw new InvalidDataException("an Arrow file begins and ends with ARROW1");
        }

        var found = new List<ArrowMessage>();
        for (long position = Magic; ;)
        {
            byte[] prefix = position <= end - Prefix ? Bytes(file, position, Prefix) : throw new InvalidDataException("the stream has no end mark");
            int metadata = BinaryPrimitives.ReadInt32LittleEndian(prefix.AsSpan(4));
            long body = position + Prefix + metadata;
            if (BinaryPrimitives.ReadInt32LittleEndian(prefix) != Continuation || metadata < 0 || body > end)
            {
                throw new InvalidDataException($"the message at byte {position} has no valid length");
            }

            if (metadata == 0)
            {
                return found.Count > 0 ? found : throw new InvalidDataException("the stream has no schema");
            }

            (bool isBatch, long bytes) = ArrowCheck.Message(Bytes(file, position + Prefix, metadata), end - body);
            if (isBatch != found.Count > 0)
            {
                throw new InvalidDataException($"message {found.Count} is {(isBatch ? "a record batch" : "a schema")}, where one schema was expected, and then record batches");
            }

            found.Add(new ArrowMessage(position, body + bytes - position));
            position = body + bytes;
        }
    }

    private static byte[] Bytes(SafeFileHandle file, long start, int count)
    {
        byte[] bytes = new byte[count];
        return RandomAccess.Read(file, bytes, start) == count ? bytes : throw new InvalidDataException("the file ends early");
    }
}
