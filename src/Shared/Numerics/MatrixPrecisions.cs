using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Workbench.Numerics;

/// <summary>Chooses the number type of matrix products at run time.</summary>
/// <remarks>
/// A CPU with AVX512-BF16 or AMX multiplies bfloat16 more than twice as fast as float32; one without them falls back to a scalar
/// loop that is hundreds of times slower. So <see cref="MatrixPrecision.Auto"/> times one small product of each, once a process.
/// </remarks>
public static class MatrixPrecisions
{
    private static readonly Lazy<bool> s_bfloat16IsFaster = new(MeasureOnCpu);

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
            _ => device.type != DeviceType.CPU || s_bfloat16IsFaster.Value,
        };
        return bfloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
    }

    private static bool MeasureOnCpu()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();

        // Small enough that the slow fallback costs a fraction of a second, large enough to be a matrix product.
        Tensor a = ones(128, 256);
        Tensor b = ones(256, 256);
        Tensor a16 = a.to(ScalarType.BFloat16);
        Tensor b16 = b.to(ScalarType.BFloat16);
        return Best(a16, b16) < Best(a, b);
    }

    private static TimeSpan Best(Tensor a, Tensor b)
    {
        var best = TimeSpan.MaxValue;
        for (int run = 0; run < 4; run++)
        {
            long start = Stopwatch.GetTimestamp();
            using Tensor product = a.mm(b);
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            best = elapsed < best ? elapsed : best;
        }

        return best;
    }
}
