using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Workbench.Numerics;
using static TorchSharp.torch;

namespace Workbench.Models.Kernels.Products;

/// <summary>
/// C = A B for tiles that stay in the caches, by the micro-kernels of oneDNN that libtorch carries and generates for this processor.
/// They run at the rate of libtorch's large products, and leave the tile to whatever follows the product while it is still near.
/// </summary>
/// <remarks>
/// B is packed by <see cref="PackKernel"/>. Every element sums its terms in the order of the depth, so that it does not depend on
/// how rows are grouped.
/// </remarks>
internal static unsafe class TileProduct
{
    /// <summary>Columns of a packed tile of a weight.</summary>
    public const int Columns = 64;

    /// <summary>Rows of a tile are a multiple of this, so that few kernels are generated whatever the lengths of texts.</summary>
    public const int RowStep = 16;

    private static readonly delegate* unmanaged<long, long, long, long, long, long, byte, float*, float*, float*, byte, void> s_float32 =
        (delegate* unmanaged<long, long, long, long, long, long, byte, float*, float*, float*, byte, void>)Find("_ZN2at6native7cpublas6brgemmEllllllbPKfS3_Pfb");

    private static readonly delegate* unmanaged<long, long, long, long, long, long, byte, ushort*, ushort*, float*, byte, void> s_bfloat16 =
        (delegate* unmanaged<long, long, long, long, long, long, byte, ushort*, ushort*, float*, byte, void>)Find("_ZN2at6native7cpublas6brgemmEllllllbPKN3c108BFloat16ES5_Pfb");

    private static readonly delegate* unmanaged<byte, void> s_release =
        (delegate* unmanaged<byte, void>)Find("_ZN2at6native7cpublas14brgemm_releaseEb");

    private static readonly bool s_servesBFloat16 = s_bfloat16 is not null && s_release is not null && MatrixPrecisions.CpuMultipliesBFloat16 && !Limited();

    /// <summary>Whether this processor and this libtorch have the kernels for a number type.</summary>
    public static bool Serves(ScalarType type)
    {
        return type == ScalarType.BFloat16 ? s_servesBFloat16 : type == ScalarType.Float32 && s_float32 is not null;
    }

    /// <summary>Multiplies.</summary>
    /// <param name="rows">Rows of A and C, a multiple of <see cref="RowStep"/>.</param>
    /// <param name="columns">Columns of B and C.</param>
    /// <param name="depth">Columns of A and rows of B; even in bfloat16.</param>
    /// <param name="a">A, its rows <paramref name="aStride"/> elements apart.</param>
    /// <param name="aStride">Elements from row to row.</param>
    /// <param name="b">B, packed.</param>
    /// <param name="bStride">Columns of B from row to row, packed or not.</param>
    /// <param name="c">C.</param>
    /// <param name="cStride">Elements from row to row.</param>
    /// <param name="add">Whether to add to what C holds.</param>
    public static void Multiply<T>(int rows, int columns, int depth, T* a, long aStride, T* b, long bStride, float* c, long cStride, bool add)
        where T : unmanaged
    {
        byte sum = add ? (byte)1 : (byte)0;
        if (typeof(T) == typeof(ushort))
        {
            s_bfloat16(rows, columns, depth, aStride, bStride, cStride, sum, (ushort*)a, (ushort*)b, c, 1);
        }
        else
        {
            s_float32(rows, columns, depth, aStride, bStride, cStride, sum, (float*)a, (float*)b, c, 0);
        }
    }

    /// <summary>To be called on a thread before libtorch computes on it again: some processors have registers to be given back.</summary>
    public static void Release()
    {
        if (s_servesBFloat16)
        {
            s_release(1);
        }
    }

    private static nint Find(string symbol)
    {
        _ = get_num_threads();
        return OperatingSystem.IsLinux() && Avx2.IsSupported && Fma.IsSupported
            && NativeLibrary.TryLoad("libtorch_cpu.so", typeof(TileProduct).Assembly, null, out nint library)
            && NativeLibrary.TryGetExport(library, symbol, out nint export)
            ? export
            : 0;
    }

    /// <summary>Whether oneDNN was told to do without some instructions, and may refuse bfloat16.</summary>
    private static bool Limited()
    {
        return new[] { "ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA" }.Any(name => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)));
    }
}
