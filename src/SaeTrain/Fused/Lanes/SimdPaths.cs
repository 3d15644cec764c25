using System.Runtime.Intrinsics;

namespace Workbench.SaeTrain.Fused.Lanes;

/// <summary>Chooses the vector width at run time.</summary>
internal static class SimdPaths
{
    /// <summary>Environment variable that forces a path: <c>avx512</c>, <c>avx2</c> or <c>portable</c>.</summary>
    public const string Variable = "WORKBENCH_SIMD";

    /// <summary>Paths that this processor can take, widest first.</summary>
    public static IReadOnlyList<SimdPath> Available { get; } =
    [
        .. Vector512.IsHardwareAccelerated ? [SimdPath.Avx512] : Array.Empty<SimdPath>(),
        .. Vector256.IsHardwareAccelerated ? [SimdPath.Avx2] : Array.Empty<SimdPath>(),
        SimdPath.Portable,
    ];

    /// <summary>The path to take: what the environment forces, else the widest.</summary>
    /// <exception cref="UsageException">The variable names no path, or one that this processor lacks.</exception>
    public static SimdPath Resolve()
    {
        return Resolve(Environment.GetEnvironmentVariable(Variable));
    }

    public static SimdPath Resolve(string? forced)
    {
        if (string.IsNullOrEmpty(forced))
        {
            return Available[0];
        }

        SimdPath path = forced switch
        {
            "avx512" => SimdPath.Avx512,
            "avx2" => SimdPath.Avx2,
            "portable" => SimdPath.Portable,
            _ => throw new UsageException($"{Variable} is '{forced}'; expected avx512, avx2 or portable."),
        };
        return Available.Contains(path)
            ? path
            : throw new UsageException($"{Variable} asks for {forced}, which this processor lacks; unset it or use portable.");
    }
}
