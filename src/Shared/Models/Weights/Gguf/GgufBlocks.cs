using System.Runtime.InteropServices;
using Workbench.Numerics;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Weights;

/// <summary>Decodes ggml's block forms to float32, in parallel over blocks.</summary>
internal static unsafe class GgufBlocks
{
    private const int ValuesPerTask = 1 << 18;

    /// <summary>Numbers and bytes of one block.</summary>
    public static (int Values, int Bytes) Size(GgufType type)
    {
        return type switch
        {
            GgufType.F32 => Size<F32Block>(),
            GgufType.F16 => Size<F16Block>(),
            GgufType.BF16 => Size<BF16Block>(),
            GgufType.Q8_0 => Size<Q80Block>(),
            GgufType.Q4_0 => Size<Q40Block>(),
            GgufType.Q4_1 => Size<Q41Block>(),
            GgufType.Q5_0 => Size<Q50Block>(),
            GgufType.Q5_1 => Size<Q51Block>(),
            GgufType.Q2_K => Size<Q2KBlock>(),
            GgufType.Q3_K => Size<Q3KBlock>(),
            GgufType.Q4_K => Size<Q4KBlock>(),
            GgufType.Q5_K => Size<Q5KBlock>(),
            GgufType.Q6_K => Size<Q6KBlock>(),
            GgufType.IQ4_NL => Size<Iq4NlBlock>(),
            GgufType.IQ4_XS => Size<Iq4XsBlock>(),
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };
    }

    /// <summary>Decodes a whole tensor into a contiguous float32 tensor on the CPU.</summary>
    public static void Decode(MappedFile file, GgufTensor tensor, Tensor target)
    {
        float* values = TensorMemory.Pointer<float>(target);
        Action<MappedFile, GgufTensor, nint> decode = tensor.Type switch
        {
            GgufType.F32 => Decode<F32Block>,
            GgufType.F16 => Decode<F16Block>,
            GgufType.BF16 => Decode<BF16Block>,
            GgufType.Q8_0 => Decode<Q80Block>,
            GgufType.Q4_0 => Decode<Q40Block>,
            GgufType.Q4_1 => Decode<Q41Block>,
            GgufType.Q5_0 => Decode<Q50Block>,
            GgufType.Q5_1 => Decode<Q51Block>,
            GgufType.Q2_K => Decode<Q2KBlock>,
            GgufType.Q3_K => Decode<Q3KBlock>,
            GgufType.Q4_K => Decode<Q4KBlock>,
            GgufType.Q5_K => Decode<Q5KBlock>,
            GgufType.Q6_K => Decode<Q6KBlock>,
            GgufType.IQ4_NL => Decode<Iq4NlBlock>,
            GgufType.IQ4_XS => Decode<Iq4XsBlock>,
            _ => throw new ArgumentOutOfRangeException(nameof(tensor)),
        };
        decode(file, tensor, (nint)values);
    }

    private static (int Values, int Bytes) Size<TBlock>()
        where TBlock : IGgufBlock
    {
        return (TBlock.Values, TBlock.Bytes);
    }

    private static void Decode<TBlock>(MappedFile file, GgufTensor tensor, nint target)
        where TBlock : IGgufBlock
    {
        long blocks = tensor.Length / TBlock.Bytes;
        int blocksPerTask = ValuesPerTask / TBlock.Values;
        long tasks = (blocks + blocksPerTask - 1) / blocksPerTask;
        Parallel.For(0, tasks, task =>
        {
            long first = task * blocksPerTask;
            int count = (int)Math.Min(blocksPerTask, blocks - first);
            ReadOnlySpan<byte> stored = file.Span(tensor.Offset + (first * TBlock.Bytes), count * TBlock.Bytes);
            var values = new Span<float>((float*)target + (first * TBlock.Values), count * TBlock.Values);
            TBlock.Decode(stored, values);
        });
    }

    /// <summary>The float16 at a byte of a block.</summary>
    public static float Half(ReadOnlySpan<byte> block, int offset)
    {
        return (float)MemoryMarshal.Read<Half>(block[offset..]);
    }
}
