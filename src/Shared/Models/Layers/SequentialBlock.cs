using TorchSharp;
using Workbench.Models.Kernels.Products;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Layers;

/// <summary>x += post(attention(norm(x))), then x += post(mlp(norm(x))).</summary>
/// <param name="attention">Attention.</param>
/// <param name="mlp">MLP.</param>
internal sealed class SequentialBlock(Attention attention, Mlp mlp) : Block
{
    /// <summary>Norm of what attention reads; null where it reads the stream as it is.</summary>
    public Norm? AttentionNorm { get; init; }

    /// <summary>Norm of what attention adds; null for none.</summary>
    public Norm? AttentionPostNorm { get; init; }

    /// <summary>Norm of what the MLP reads; null where it reads the stream as it is.</summary>
    public Norm? MlpNorm { get; init; }

    /// <summary>Norm of what the MLP adds; null for none.</summary>
    public Norm? MlpPostNorm { get; init; }

    public override IEnumerable<Tensor> Weights =>
        [.. attention.Weights, .. mlp.Weights, .. new[] { AttentionNorm, AttentionPostNorm, MlpNorm, MlpPostNorm }.SelectMany(norm => norm?.Weights ?? [])];

    public override bool Run(ForwardPass pass, ResidualStream stream, int layer, PassBuffers buffers)
    {
        return stream.Pass(new HookPoint(HookKind.ResidualPre, layer))
            && Attend(pass, stream, layer, buffers)
            && stream.Pass(new HookPoint(HookKind.ResidualMid, layer))
            && RunMlp(pass, stream, layer, buffers)
            && stream.Pass(new HookPoint(HookKind.ResidualPost, layer));
    }

    public override string? Absence(HookKind kind)
    {
        return (kind == HookKind.AttentionNormalized && AttentionNorm is null) || (kind == HookKind.MlpNormalized && MlpNorm is null)
            ? "its blocks normalise what they add and not what they read"
            : null;
    }

    public override Tensor Written(HookKind kind, Tensor directions)
    {
        (Tensor written, Norm? norm) = kind == HookKind.AttentionZ ? (attention.Written(directions), AttentionPostNorm) : (mlp.Written(directions), MlpPostNorm);
        return norm?.Linear(written) ?? written;
    }

    public override void Dispose()
    {
        attention.Dispose();
        mlp.Dispose();
        AttentionNorm?.Dispose();
        AttentionPostNorm?.Dispose();
        MlpNorm?.Dispose();
        MlpPostNorm?.Dispose();
    }

    private bool Attend(ForwardPass pass, ResidualStream stream, int layer, PassBuffers buffers)
    {
        return stream.Read(AttentionNorm, buffers, null, new HookPoint(HookKind.AttentionNormalized, layer)) is ProductRows input
            && Write(pass, stream, new HookPoint(HookKind.AttentionOut, layer), AttentionPostNorm, buffers, target => attention.Run(pass, layer, input, buffers, target));
    }

    private bool RunMlp(ForwardPass pass, ResidualStream stream, int layer, PassBuffers buffers)
    {
        return stream.Read(MlpNorm, buffers, new HookPoint(HookKind.MlpIn, layer), new HookPoint(HookKind.MlpNormalized, layer)) is ProductRows input
            && Write(pass, stream, new HookPoint(HookKind.MlpOut, layer), MlpPostNorm, buffers, target => mlp.Run(pass, layer, input, buffers, target));
    }

    /// <summary>Adds what a sub-block computes to the stream: at once, or by way of a norm and of hooks.</summary>
    private static bool Write(ForwardPass pass, ResidualStream stream, HookPoint point, Norm? norm, PassBuffers buffers, Func<ProductTarget, bool> run)
    {
        if (norm is null && !pass.Wants(point))
        {
            return run(new SumTarget(stream, buffers));
        }

        Tensor added = buffers.Product("added", stream.Width);
        return run(new RowsTarget(added)) && stream.Add(point, Normed(norm, added, buffers));
    }

    /// <summary>A post-norm's output goes to the stream, so it is float32 whatever the products are.</summary>
    private static Tensor Normed(Norm? norm, Tensor added, PassBuffers buffers)
    {
        if (norm is null)
        {
            return added;
        }

        int width = (int)added.shape[1];
        Tensor wide = added.dtype == ScalarType.Float32 ? added : buffers.Wide("added_wide", width).copy_(added);
        Tensor normed = buffers.Wide("post_normed", width);
        norm.Apply(wide, null, normed);
        return normed;
    }
}
