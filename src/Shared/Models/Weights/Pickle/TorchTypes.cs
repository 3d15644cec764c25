using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace Workbench.Models.Weights.Pickle;

/// <summary>The names of torch's typed storages.</summary>
internal static class TorchTypes
{
    private static readonly Dictionary<string, ScalarType> s_byName = new(StringComparer.Ordinal)
    {
        ["FloatStorage"] = ScalarType.Float32,
        ["DoubleStorage"] = ScalarType.Float64,
        ["HalfStorage"] = ScalarType.Float16,
        ["BFloat16Storage"] = ScalarType.BFloat16,
        ["LongStorage"] = ScalarType.Int64,
        ["IntStorage"] = ScalarType.Int32,
        ["ShortStorage"] = ScalarType.Int16,
        ["CharStorage"] = ScalarType.Int8,
        ["ByteStorage"] = ScalarType.Byte,
        ["BoolStorage"] = ScalarType.Bool,
    };

    public static bool IsStorage(string name)
    {
        return s_byName.ContainsKey(name);
    }

    public static bool TryType(string name, [MaybeNullWhen(false)] out ScalarType type)
    {
        return s_byName.TryGetValue(name, out type);
    }

    public static string Storage(ScalarType type)
    {
        return s_byName.FirstOrDefault(pair => pair.Value == type).Key
            ?? throw new WorkbenchException($"Number type {type} has no storage in a .pt file; convert the tensor first.");
    }
}
