using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Architectures;

/// <summary>What is Llama's own in a GGUF file: the order of query and key rows, and its rotary scaling as a tensor.</summary>
internal static class LlamaGguf
{
    /// <summary>Divisors of the rotary frequencies, with which files of Llama 3 carry its scaling.</summary>
    public const string FrequencyDivisors = "rope_freqs.weight";

    /// <summary>Undoes the reordering of query and key rows, with which these files let rotary act on neighbouring pairs.</summary>
    public static Func<string, Tensor, Tensor> RowOrder(ModelConfig config)
    {
        return (name, stored) => name.Contains(".q_proj.", StringComparison.Ordinal) ? Halves(stored, config.Heads)
            : name.Contains(".k_proj.", StringComparison.Ordinal) ? Halves(stored, config.KeyValueHeads)
            : stored.alias();
    }

    /// <summary>Rows (i, half) of every head become (half, i).</summary>
    private static Tensor Halves(Tensor stored, int heads)
    {
        using var scope = torch.NewDisposeScope();
        long[] shape = stored.shape;
        return stored.reshape(heads, shape[0] / heads / 2, 2, -1).transpose(1, 2).reshape(shape).MoveToOuterDisposeScope();
    }
}
