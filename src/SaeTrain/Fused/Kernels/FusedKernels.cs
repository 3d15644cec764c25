using System.Runtime.Intrinsics;
using Workbench.SaeTrain.Fused.Lanes;
using Workbench.SaeTrain.Training.Optimization;

namespace Workbench.SaeTrain.Fused.Kernels;

/// <summary>The kernels of one vector width, called for whole rows.</summary>
internal abstract unsafe class FusedKernels
{
    public static FusedKernels Create(SimdPath path)
    {
        return path switch
        {
            SimdPath.Avx512 => new FusedKernels<Lanes512, Vector512<float>>(),
            SimdPath.Avx2 => new FusedKernels<Lanes256, Vector256<float>>(),
            _ => new FusedKernels<Lanes128, Vector128<float>>(),
        };
    }

    /// <inheritdoc cref="ScanKernel.Run"/>
    public abstract int Scan<TElement, TScore>(in ScannedRow row, float threshold, ref int column, int* found, int capacity)
        where TElement : IElement
        where TScore : IScore;

    /// <inheritdoc cref="DecodeKernel.Run"/>
    public abstract void Decode(in DecodedRow row);

    /// <inheritdoc cref="DecodeKernel.Pulls"/>
    public abstract void Pulls(float* decoder, int width, int* latents, int count, float* gradient, float* pulls);

    /// <inheritdoc cref="GradientKernel.Run"/>
    public abstract void Gradient<TElement>(in EntryRun run, void* errors, void* inputs, int width, float* decoder, float* encoder)
        where TElement : IStoredElement;

    /// <inheritdoc cref="AdamKernel.Run"/>
    public abstract void Update(in AdamStep step, in AdamRow row, float* gradient, float factor, int width);

    public abstract void Subtract(float* left, float* right, float* target, int width);

    public abstract void Round(float* source, ushort* target, int width);

    public abstract float Dot(float* left, float* right, int width);

    public abstract float SquaredDistance(float* left, float* right, int width);

    public abstract void Scale(float* row, float factor, int width);

    public abstract void AddScaled(float* row, float factor, float* sum, int width);
}
