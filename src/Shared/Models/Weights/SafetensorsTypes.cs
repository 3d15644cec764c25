using TorchSharp;
using static TorchSharp.torch;

namespace Workbench.Models.Weights;

/// <summary>The format's names of number types.</summary>
internal static class SafetensorsTypes
{
    private static readonly Dictionary<string, ScalarType> s_byName = new(StringComparer.Ordinal)
    {
        ["F64"] = ScalarType.Float64,
        ["F32"] = ScalarType.Float32,
        ["F16"] = ScalarType.Float16,
        ["BF16"] = ScalarType.BFloat16,
        ["I64"] = ScalarType.Int64,
        ["I32"] = ScalarType.Int32,
        ["I16"] = ScalarType.Int16,
        ["I8"] = ScalarType.Int8,
        ["U8"] = ScalarType.Byte,
        ["BOOL"] = ScalarType.Bool,
    };

    public static bool TryParse(string name, out ScalarType type)
    {
        return s_byName.TryGetValue(name, out type);
    }

    public static string Name(ScalarType type)
    {
        return s_byName.FirstOrDefault(pair => pair.Value == type).Key
            ?? throw new WorkbenchException($"Number type {type} has no form in safetensors; convert the tensor first.");
    }

    public static int Size(ScalarType type)
    {
        return (int)type.ElementSize();
    }
}
