namespace Workbench.Models.Weights;

/// <summary>Metadata and tensor list of a GGUF file.</summary>
internal sealed class GgufHeader
{
    private const uint Magic = 0x46554747;
    private const int MaxDimensions = 4;
    private const uint DefaultAlignment = 32;

    private GgufHeader(Dictionary<string, object> metadata, Dictionary<string, GgufTensor> tensors)
    {
        Metadata = metadata;
        Tensors = tensors;
    }

    public Dictionary<string, object> Metadata { get; }

    public Dictionary<string, GgufTensor> Tensors { get; }

    public static GgufHeader Read(MappedFile file)
    {
        var reader = new GgufReader(file);
        if (reader.UInt32("the magic") != Magic)
        {
            throw reader.Bad("does not start with 'GGUF'");
        }

        uint version = reader.UInt32("the version");
        if (version != 3)
        {
            throw new WorkbenchException($"{file.Path} is GGUF version {version}; version 3, little endian, is read: convert the file.");
        }

        int tensors = reader.Count(24, "tensors");
        int pairs = reader.Count(13, "metadata pairs");
        Dictionary<string, object> metadata = ReadMetadata(reader, pairs);
        List<(string Name, uint Type, long[] Shape, ulong Offset)> list = ReadList(reader, tensors);
        long start = DataStart(reader, metadata);
        var placed = new Dictionary<string, GgufTensor>(StringComparer.Ordinal);
        foreach ((string name, uint type, long[] shape, ulong offset) in list)
        {
            if (!placed.TryAdd(name, Place(reader, file, name, type, shape, offset, start)))
            {
                throw reader.Bad($"lists tensor '{name}' twice");
            }
        }

        return new GgufHeader(metadata, placed);
    }

    private static Dictionary<string, object> ReadMetadata(GgufReader reader, int pairs)
    {
        var metadata = new Dictionary<string, object>(StringComparer.Ordinal);
        for (int i = 0; i < pairs; i++)
        {
            string key = reader.String("a metadata key");
            if (!metadata.TryAdd(key, reader.Value(key)))
            {
                throw reader.Bad($"holds metadata key '{key}' twice");
            }
        }

        return metadata;
    }

    private static List<(string Name, uint Type, long[] Shape, ulong Offset)> ReadList(GgufReader reader, int tensors)
    {
        var list = new List<(string, uint, long[], ulong)>();
        for (int i = 0; i < tensors; i++)
        {
            string name = reader.String("a tensor's name");
            uint dimensions = reader.UInt32($"the dimensions of '{name}'");
            if (dimensions is 0 or > MaxDimensions)
            {
                throw reader.Bad($"gives tensor '{name}' {dimensions:N0} dimensions, of at most {MaxDimensions}");
            }

            long[] shape = new long[dimensions];
            for (int axis = 1; axis <= shape.Length; axis++)
            {
                shape[^axis] = unchecked((long)reader.UInt64($"the sizes of '{name}'"));
            }

            list.Add((name, reader.UInt32($"the type of '{name}'"), shape, reader.UInt64($"the offset of '{name}'")));
        }

        return list;
    }

    private static long DataStart(GgufReader reader, Dictionary<string, object> metadata)
    {
        uint alignment = metadata.TryGetValue("general.alignment", out object? value) ? value as uint? ?? 0 : DefaultAlignment;
        return alignment is 0 or > 1 << 20
            ? throw reader.Bad($"has general.alignment '{value}', which is not a small positive number")
            : (reader.Position + alignment - 1) / alignment * alignment;
    }

    private static GgufTensor Place(GgufReader reader, MappedFile file, string name, uint type, long[] shape, ulong offset, long start)
    {
        if (!Enum.IsDefined((GgufType)type))
        {
            throw new WorkbenchException(
                $"{file.Path} stores tensor '{name}' as ggml type {type}; readable are {string.Join(", ", Enum.GetNames<GgufType>())}: convert the file.");
        }

        (int values, int bytes) = GgufBlocks.Size((GgufType)type);
        UInt128 count = shape.Aggregate(UInt128.One, (product, size) => product > long.MaxValue ? product : product * (ulong)size);
        if (count == 0 || count > long.MaxValue || (ulong)shape[^1] % (ulong)values != 0)
        {
            throw reader.Bad($"gives tensor '{name}' the shape [{string.Join(", ", shape.Select(s => (ulong)s))}], which {(GgufType)type} cannot have");
        }

        UInt128 length = count / (ulong)values * (ulong)bytes;
        long room = Math.Max(file.Length - start, 0);
        return (UInt128)offset + length > (ulong)room
            ? throw reader.Bad($"places tensor '{name}' at byte {offset:N0} with {length:N0} bytes, but holds {room:N0} bytes of data")
            : new GgufTensor(name, (GgufType)type, shape, start + (long)offset, (long)length);
    }
}
