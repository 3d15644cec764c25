using TorchSharp;
using Workbench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries;

public sealed partial class SparseAutoencoder
{
    private const long BlockElements = 1 << 24;
    private const int LeastRows = 1024;

    // The bias rides in the product, so that the buffer is not written twice; a second, empty row keeps their number even.
    private const int BiasRows = 2;

    /// <summary>Latents of activations without the zeros. On the CPU dense latents are never made for more than a block of rows.</summary>
    /// <param name="x">Activations [rows, width].</param>
    /// <param name="precision">
    /// Number type of the encoder product. With bfloat16 (top-k on a CPU only) the product proposes more candidates than needed
    /// and the values of those are computed again in float32, so that values are exact and only near ties may be chosen differently.
    /// </param>
    /// <exception cref="WorkbenchException">The width is not the dictionary's.</exception>
    public SparseCode EncodeSparse(Tensor x, MatrixPrecision precision = MatrixPrecision.Float32)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor centred = Centred(x).contiguous();
        if (centred.dim() != 2)
        {
            throw new ArgumentException("Activations [rows, width] were expected.", nameof(x));
        }

        bool screened = HasRowRule
            && Device.type == DeviceType.CPU
            && Config.Architecture == SparseArchitecture.TopK
            && MatrixPrecisions.Resolve(precision, Device) == ScalarType.BFloat16;
        var parts = new SparseCodeBuilder(Latents, (int)centred.shape[0]);
        // A product of few rows would spend its time on laying out the weights, however many latents there are.
        int block = (int)Math.Clamp(BlockElements / Latents, LeastRows, 4096);
        ScalarType type = screened ? ScalarType.BFloat16 : ScalarType.Float32;
        Tensor pre = empty(HasRowRule ? Math.Min(block, centred.shape[0]) : 0, Latents, type, Device);
        Tensor input = screened ? ones(Math.Min(block, centred.shape[0]), Config.Width + BiasRows, type) : centred;
        for (long first = 0; first < centred.shape[0]; first += block)
        {
            using var step = NewDisposeScope();
            Tensor rows = centred.narrow(0, first, Math.Min(block, centred.shape[0] - first));
            if (!HasRowRule)
            {
                CollectNonZero(parts, (int)first, Chosen(PreActivations(rows)));
                continue;
            }

            Tensor product = pre.narrow(0, 0, rows.shape[0]);
            if (screened)
            {
                Tensor operand = input.narrow(0, 0, rows.shape[0]);
                operand.narrow(1, 0, Config.Width).copy_(rows);
                product.addmm_(operand, _screeningEncoder.Value, 0, 1);
            }
            else
            {
                product.copy_(_encoderBias);
                product.addmm_(rows, _encoder, 1, 1);
            }

            Collect(parts, (int)first, rows, product, screened);
        }

        return parts.Build();
    }

    /// <summary>Reconstruction from sparse latents, touching only the directions that are on.</summary>
    /// <returns>Activations [rows, width] in float32 on the dictionary's device.</returns>
    public unsafe Tensor Decode(SparseCode code)
    {
        if (code.Latents != Latents)
        {
            throw new ArgumentException($"The code has {code.Latents} latents, the dictionary {Latents}.", nameof(code));
        }

        if (Device.type != DeviceType.CPU)
        {
            using Tensor dense = code.ToDense();
            return Decode(dense);
        }

        Tensor output = empty(code.Rows, Config.ReconstructionWidth);
        SparseRows.Combine(
            TensorMemory.FloatPointer(_directions),
            Config.ReconstructionWidth,
            code.RowOffsets,
            code.Indices,
            code.Values,
            TensorMemory.FloatPointer(DecoderBias),
            code.Rows,
            TensorMemory.FloatPointer(output));
        return output;
    }

    /// <summary>Whether latents come straight from rows of the one product, without dense latents.</summary>
    private bool HasRowRule => Config.Architecture is SparseArchitecture.TopK or SparseArchitecture.JumpRelu or SparseArchitecture.Relu
        && _latentScale is null
        && Weights.GluEncoder is null;

    /// <summary>Encoder and bias as the screening product multiplies them, bfloat16 [width + <see cref="BiasRows"/>, latents].</summary>
    private Tensor ScreeningEncoder()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor encoder = zeros([Config.Width + BiasRows, Latents], ScalarType.BFloat16);
        encoder.narrow(0, 0, Config.Width).copy_(_encoder);
        encoder[Config.Width].copy_(_encoderBias);
        return encoder.DetachFromDisposeScope();
    }

    private unsafe void CollectNonZero(SparseCodeBuilder parts, int first, Tensor latents)
    {
        Tensor local = latents.cpu().contiguous();
        float* values = TensorMemory.FloatPointer(local);
        int n = Latents;
        Parallel.For(0, (int)local.shape[0], () => (Indices: new int[n], Values: new float[n]), (row, _, buffer) =>
        {
            int taken = 0;
            float* z = values + ((long)row * n);
            for (int latent = 0; latent < n; latent++)
            {
                if (z[latent] != 0)
                {
                    (buffer.Indices[taken], buffer.Values[taken++]) = (latent, z[latent]);
                }
            }

            parts.Set(first + row, buffer.Indices.AsSpan(0, taken), buffer.Values.AsSpan(0, taken));
            return buffer;
        }, _ => { });
    }

    private unsafe void Collect(SparseCodeBuilder parts, int first, Tensor rows, Tensor pre, bool screened)
    {
        int count = (int)rows.shape[0];
        int n = Latents;
        if (screened)
        {
            ushort* bits = TensorMemory.BFloat16Pointer(pre);
            float* x = TensorMemory.FloatPointer(rows);
            float* encoder = TensorMemory.FloatPointer(_encoderRows.Value);
            float* bias = TensorMemory.FloatPointer(_encoderBias);
            Parallel.For(0, count, () => new ScreenedEntries(Config.K!.Value, n, encoder, bias), (row, _, choice) =>
            {
                choice.Choose(new ReadOnlySpan<ushort>(bits + ((long)row * n), n), new ReadOnlySpan<float>(x + ((long)row * Config.Width), Config.Width));
                parts.Set(first + row, choice.Indices, choice.Values);
                return choice;
            }, _ => { });
            return;
        }

        Tensor local = pre.cpu();
        float* values = TensorMemory.FloatPointer(local);
        if (Config.Architecture == SparseArchitecture.TopK)
        {
            Parallel.For(0, count, () => new LargestEntries(Config.K!.Value), (row, _, largest) =>
            {
                largest.Choose(new ReadOnlySpan<float>(values + ((long)row * n), n));
                parts.Set(first + row, largest.Indices, largest.Values);
                return largest;
            }, _ => { });
            return;
        }

        using Tensor? thresholds = Threshold?.cpu();
        float* limits = thresholds is null ? null : TensorMemory.FloatPointer(thresholds);
        Parallel.For(0, count, () => (Indices: new int[n], Values: new float[n]), (row, _, buffer) =>
        {
            int taken = LargestEntries.Above(
                new ReadOnlySpan<float>(values + ((long)row * n), n),
                new ReadOnlySpan<float>(limits, limits is null ? 0 : n),
                buffer.Indices,
                buffer.Values);
            parts.Set(first + row, buffer.Indices.AsSpan(0, taken), buffer.Values.AsSpan(0, taken));
            return buffer;
        }, _ => { });
    }
}
