using System.Runtime.Intrinsics.X86;
using TorchSharp;
using static TorchSharp.torch;

namespace Workbench.Numerics;

/// <summary>Chooses the number type of matrix products at run time.</summary>
/// <remarks>
/// A CPU with AVX512-BF16 or AMX multiplies bfloat16 more than twice as fast as float32; one without them falls back to a scalar
/// loop that is hundreds of times slower. The processor's own flags tell which it is, whatever else the machine is doing; a
/// timing would not.
/// </remarks>
public static class MatrixPrecisions
{
    private const int FeatureLeaf = 7;
    private const int Avx512BFloat16Bit = 5;
    private const int AmxBFloat16Bit = 22;

    private static readonly Lazy<bool> s_cpuMultipliesBFloat16 = new(ReadFlags);

    /// <summary>Whether this processor has instructions for bfloat16 products.</summary>
    internal static bool CpuMultipliesBFloat16 => s_cpuMultipliesBFloat16.Value;

    /// <summary>Reads the name used on command lines and in run.json.</summary>
    /// <exception cref="UsageException">The name is not known.</exception>
    public static MatrixPrecision Parse(string name)
    {
        return name switch
        {
            "auto" => MatrixPrecision.Auto,
            "float32" => MatrixPrecision.Float32,
            "bfloat16" => MatrixPrecision.BFloat16,
            _ => throw new UsageException($"--precision '{name}' is not known; expected auto, float32 or bfloat16."),
        };
    }

    /// <summary>The name of a resolved number type.</summary>
    public static string Name(ScalarType type)
    {
        return type == ScalarType.BFloat16 ? "bfloat16" : "float32";
    }

    /// <summary>The number type to use on <paramref name="device"/>.</summary>
    public static ScalarType Resolve(MatrixPrecision precision, Device device)
    {
        bool bfloat16 = precision switch
        {
            MatrixPrecision.Float32 => false,
            MatrixPrecision.BFloat16 => true,
            _ => device.type != DeviceType.CPU || CpuMultipliesBFloat16,
        };
        return bfloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
    }

    private static bool ReadFlags()
    {
        // Without AVX-512 the operating system or hypervisor hides the registers that both extensions need.
        if (!X86Base.IsSupported || !Avx512F.IsSupported)
        {
            return false;
        }

        (_, _, _, int amx) = X86Base.CpuId(FeatureLeaf, 0);
        (int avx512, _, _, _) = X86Base.CpuId(FeatureLeaf, 1);
        return ((avx512 >> Avx512BFloat16Bit) & 1) == 1 || ((amx >> AmxBFloat16Bit) & 1) == 1;
    }
}
