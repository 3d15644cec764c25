using TorchSharp;
using Workbench.Models.Weights;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Architectures;

/// <summary>Reads rotary settings of a GGUF file: its metadata, and the divisors of frequencies that some files carry as tensors.</summary>
internal static class GgufRopeFields
{
    private const double BaseWhereAbsent = 10000;
    private const string Divisors = "rope_freqs.weight";
    private const string LongDivisors = "rope_factors_long.weight";
    private const string ShortDivisors = "rope_factors_short.weight";
    private const string AttentionFactor = "rope.scaling.attn_factor";

    /// <summary>Tensors that are read with the metadata.</summary>
    public static IReadOnlyList<string> Tensors { get; } = [Divisors, LongDivisors, ShortDivisors];

    /// <summary>Reads them.</summary>
    /// <param name="gguf">The metadata.</param>
    /// <param name="headDim">Width of a head.</param>
    /// <param name="context">Whole context, in tokens.</param>
    public static RopeSettings Read(GgufFields gguf, int headDim, int context)
    {
        int width = gguf.Size("rope.dimension_count", SizeLimits.HeadDim, headDim);
        if (width % 2 != 0 || width > headDim)
        {
            throw gguf.Bad("rope.dimension_count", $"even and at most the width of a head ({headDim})");
        }

        double share = (double)width / headDim;
        share = (int)(headDim * share) == width ? share : Math.BitIncrement(share);
        return new RopeSettings(gguf.PositiveReal("rope.freq_base", BaseWhereAbsent), Scaling(gguf, width, context), share);
    }

    private static RopeScaling? Scaling(GgufFields gguf, int width, int context)
    {
        int original = gguf.Positive("rope.scaling.original_context_length", context);
        double? factor = gguf.OptionalReal("rope.scaling.factor") ?? gguf.OptionalReal("rope.scale_linear");
        if (gguf.File.Tensors.ContainsKey(LongDivisors))
        {
            return new LongRopeScaling(
                Read(gguf.File, ShortDivisors, width), Read(gguf.File, LongDivisors, width), original, gguf.PositiveReal(AttentionFactor, 1));
        }

        if (gguf.File.Tensors.ContainsKey(Divisors))
        {
            double[] divisors = Read(gguf.File, Divisors, width);
            return new LongRopeScaling(divisors, divisors, int.MaxValue, 1);
        }

        // A factor without a type is linear.
        return gguf.String("rope.scaling.type", factor is null ? "none" : "linear") switch
        {
            "none" => null,
            "linear" => new LinearRopeScaling(gguf.PositiveReal("rope.scaling.factor", factor ?? 1)),
            "yarn" => Yarn(gguf, original),
            _ => throw gguf.Bad("rope.scaling.type", "none, linear or yarn, or the file should hold the divisors of longrope"),
        };
    }

    private static YarnRopeScaling Yarn(GgufFields gguf, int original)
    {
        double factor = gguf.PositiveReal("rope.scaling.factor");
        return new YarnRopeScaling(factor, original)
        {
            Attention = gguf.PositiveReal(AttentionFactor, 1) * YarnRopeScaling.DefaultAttentionFactor(factor),
            FastTurns = gguf.PositiveReal("rope.scaling.yarn_beta_fast", 32),
            SlowTurns = gguf.PositiveReal("rope.scaling.yarn_beta_slow", 1),
        };
    }

    private static double[] Read(GgufFile file, string name, int width)
    {
        if (!file.Tensors.TryGetValue(name, out GgufTensor? stored) || stored.Shape is not [long count] || count != width / 2)
        {
            throw new WorkbenchException($"{file.Path}: tensor '{name}' should hold {width / 2} numbers, one for each rotary frequency; fetch the file again.");
        }

        using Tensor values = file.Dequantise(name);
        double[] divisors = Array.ConvertAll(values.data<float>().ToArray(), value => (double)value);
        return divisors.All(divisor => divisor > 0 && double.IsFinite(divisor))
            ? divisors
            : throw new WorkbenchException($"{file.Path}: tensor '{name}' should hold positive numbers; fetch the file again.");
    }
}
