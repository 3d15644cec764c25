using Workbench.SaeTrain.Fused.Lanes;
using Workbench.SaeTrain.Training.Optimization;

namespace Workbench.SaeTrain.Fused.Kernels;

/// <inheritdoc cref="FusedKernels"/>
internal sealed unsafe class FusedKernels<TLanes, TVector> : FusedKernels
    where TLanes : ILanes<TVector>
    where TVector : unmanaged
{
    public override int Scan<TElement, TScore>(in ScannedRow row, float threshold, ref int column, int* found, int capacity)
    {
        return ScanKernel.Run<TLanes, TVector, TElement, TScore>(row, threshold, ref column, found, capacity);
    }

    public override void Decode(in DecodedRow row)
    {
        DecodeKernel.Run<TLanes, TVector>(row);
    }

    public override void Pulls(float* decoder, int width, int* latents, int count, float* gradient, float* pulls)
    {
        DecodeKernel.Pulls<TLanes, TVector>(decoder, width, latents, count, gradient, pulls);
    }

    public override void Gradient<TElement>(in EntryRun run, void* errors, void* inputs, int width, float* decoder, float* encoder)
    {
        GradientKernel.Run<TLanes, TVector, TElement>(run, errors, inputs, width, decoder, encoder);
    }

    public override void Update(in AdamStep step, in AdamRow row, float* gradient, float factor, int width)
    {
        AdamKernel.Run<TLanes, TVector>(step, row, gradient, factor, width);
    }

    public override void Subtract(float* left, float* right, float* target, int width)
    {
        RowKernel.Subtract<TLanes, TVector>(left, right, target, width);
    }

    public override void Round(float* source, ushort* target, int width)
    {
        RowKernel.Round<TLanes, TVector>(source, target, width);
    }

    public override float Dot(float* left, float* right, int width)
    {
        return RowKernel.Dot<TLanes, TVector>(left, right, width);
    }

    public override float SquaredDistance(float* left, float* right, int width)
    {
        return RowKernel.SquaredDistance<TLanes, TVector>(left, right, width);
    }

    public override void Scale(float* row, float factor, int width)
    {
        RowKernel.Scale<TLanes, TVector>(row, factor, width);
    }

    public override void AddScaled(float* row, float factor, float* sum, int width)
    {
        RowKernel.AddScaled<TLanes, TVector>(row, factor, sum, width);
    }
}
