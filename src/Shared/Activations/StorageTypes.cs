using TorchSharp;

namespace Workbench.Activations;

/// <summary>Names and sizes of <see cref="StorageType"/>.</summary>
public static class StorageTypes
{
    /// <summary>Reads the name used on command lines, in manifests and in shards.</summary>
    /// <param name="name">One of auto, float16, bfloat16, float32.</param>
    /// <exception cref="UsageException">The name is not known.</exception>
    public static StorageType Parse(string name)
    {
        return name switch
        {
            "auto" => StorageType.Auto,
            "float16" => StorageType.Float16,
            "bfloat16" => StorageType.BFloat16,
            "float32" => StorageType.Float32,
            _ => throw new UsageException($"--dtype '{name}' is not known; expected auto, float16, bfloat16 or float32."),
        };
    }

    /// <summary>The name that <see cref="Parse"/> reads.</summary>
    /// <param name="type">The type.</param>
    public static string Name(this StorageType type)
    {
        return type switch
        {
            StorageType.Auto => "auto",
            StorageType.Float16 => "float16",
            StorageType.BFloat16 => "bfloat16",
            _ => "float32",
        };
    }

    /// <summary>Bytes of one stored value; for <see cref="StorageType.Auto"/> those of either outcome.</summary>
    /// <param name="type">The type.</param>
    public static int Bytes(this StorageType type)
    {
        return type == StorageType.Float32 ? sizeof(float) : sizeof(ushort);
    }

    /// <summary>The tensor library's name of the type.</summary>
    /// <param name="type">A stored type, so not <see cref="StorageType.Auto"/>.</param>
    public static torch.ScalarType ToScalarType(this StorageType type)
    {
        return type switch
        {
            StorageType.Float16 => torch.ScalarType.Float16,
            StorageType.BFloat16 => torch.ScalarType.BFloat16,
            StorageType.Float32 => torch.ScalarType.Float32,
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "auto is a rule, not a stored type"),
        };
    }
}
