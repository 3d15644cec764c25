using static TorchSharp.torch;

namespace Workbench.Models.Weights.Pickle;

/// <summary>What the few names that are known stand for.</summary>
internal static class TorchObjects
{
    private const int MostAxes = 8;

    /// <summary>A persistent id: <c>('storage', type, key, device, elements)</c>, and None behind it in files of old releases.</summary>
    public static TorchStorage Storage(object? id, PickleInput input)
    {
        return id is object?[] and ["storage", PickleGlobal { Module: "torch" } type, string key, string, long length, .. [] or [null]]
            && TorchTypes.TryType(type.Name, out ScalarType number)
            && length >= 0
                ? new TorchStorage(number, key, length)
                : throw input.Bad("a persistent id is not that of a storage");
    }

    public static object? Call(PickleGlobal callee, object?[] arguments, PickleInput input)
    {
        return callee.Full switch
        {
            "collections.OrderedDict" when arguments.Length == 0 => new PickleDictionary { IsOrdered = true },
            "torch._utils._rebuild_tensor_v2" => Tensor(arguments, input),
            "torch._utils._rebuild_parameter" when arguments is [TorchTensor tensor, bool, PickleDictionary] => tensor,
            _ => throw input.Bad($"{callee.Full} is called with arguments that it does not take"),
        };
    }

    private static TorchTensor Tensor(object?[] arguments, PickleInput input)
    {
        if (arguments is not [TorchStorage storage, long offset, object?[] sizes, object?[] steps, bool, PickleDictionary, ..] || arguments.Length > 7)
        {
            throw input.Bad("a tensor is described by other arguments than storage, offset, size and stride");
        }

        long[] shape = [.. sizes.Select(Whole)];
        long[] strides = [.. steps.Select(Whole)];
        if (shape.Length != strides.Length || shape.Length > MostAxes || offset < 0 || shape.Any(size => size < 0) || strides.Any(step => step < 0))
        {
            throw input.Bad($"a tensor has size [{string.Join(", ", shape)}], stride [{string.Join(", ", strides)}] and offset {offset}, which do not go together");
        }

        return new TorchTensor(storage.Type, storage.Key, storage.Length, offset, shape, strides);
    }

    private static long Whole(object? value)
    {
        return value as long? ?? -1;
    }
}
