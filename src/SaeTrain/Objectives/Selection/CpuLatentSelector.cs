using TorchSharp;
using Workbench.Dictionaries;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives.Selection;

/// <summary>Selection by vectorised scans on the CPU.</summary>
/// <remarks>In bfloat16 the product proposes candidates only: what decides are their float32 values.</remarks>
internal sealed class CpuLatentSelector(ScalarType matrixType) : ILatentSelector
{
    private readonly EncoderProduct _product = new(matrixType);

    public LatentChoice Choose(Tensor centred, Tensor encoder, Tensor bias, Tensor? scale, int k)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        (Tensor weights, Tensor offsets) = EncoderProduct.Scaled(encoder, bias, scale);
        Tensor product = _product.Of(centred, weights, offsets);
        Tensor indices = zeros(centred.shape[0], k, ScalarType.Int64);
        Tensor mask = zeros(centred.shape[0], k);
        bool full = matrixType == ScalarType.BFloat16
            ? ChooseScreened(product, centred, weights, offsets, indices, mask)
            : ChooseExact(product, indices, mask);
        return new LatentChoice(indices.MoveToOuterDisposeScope(), full ? null : mask.MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
        _product.Dispose();
    }

    private unsafe bool ChooseExact(Tensor product, Tensor indices, Tensor mask)
    {
        int latents = (int)product.shape[1];
        int k = (int)indices.shape[1];
        float* rows = TensorMemory.FloatPointer(product);
        var target = new Picks(indices, mask, k);
        Parallel.For(0, (int)product.shape[0], () => new LargestEntries(k), (row, _, choice) =>
        {
            choice.Choose(new ReadOnlySpan<float>(rows + ((long)row * latents), latents));
            target.Set(row, choice.Indices);
            return choice;
        }, _ => { });
        return target.Full;
    }

    private unsafe bool ChooseScreened(Tensor product, Tensor centred, Tensor weights, Tensor offsets, Tensor indices, Tensor mask)
    {
        int latents = (int)product.shape[1];
        int k = (int)indices.shape[1];
        int width = (int)centred.shape[1];
        ushort* rows = TensorMemory.BFloat16Pointer(product);
        float* x = TensorMemory.FloatPointer(centred);
        float* encoder = TensorMemory.FloatPointer(weights);
        float* bias = TensorMemory.FloatPointer(offsets);
        var target = new Picks(indices, mask, k);
        Parallel.For(0, (int)product.shape[0], () => new ScreenedEntries(k, latents, encoder, bias), (row, _, choice) =>
        {
            choice.Choose(new ReadOnlySpan<ushort>(rows + ((long)row * latents), latents), new ReadOnlySpan<float>(x + ((long)row * width), width));
            target.Set(row, choice.Indices);
            return choice;
        }, _ => { });
        return target.Full;
    }

    /// <summary>Writes picks into the result tensors.</summary>
    private sealed unsafe class Picks(Tensor indices, Tensor mask, int k)
    {
        private readonly long* _indices = TensorMemory.LongPointer(indices);
        private readonly float* _mask = TensorMemory.FloatPointer(mask);
        private int _short;

        public bool Full => _short == 0;

        public void Set(int row, ReadOnlySpan<int> latents)
        {
            long first = (long)row * k;
            for (int i = 0; i < latents.Length; i++)
            {
                _indices[first + i] = latents[i];
                _mask[first + i] = 1;
            }

            if (latents.Length < k)
            {
                Interlocked.Exchange(ref _short, 1);
            }
        }
    }
}
