using Workbench.Models.Kernels.Products;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Layers;

/// <summary>x += attention(norm(x)) + mlp(norm'(x)): both read the same stream.</summary>
/// <param name="attentionNorm">Norm of what attention reads.</param>
/// <param name="attention">Attention.</param>
/// <param name="mlpNorm">Norm of what the MLP reads.</param>
/// <param name="mlp">MLP.</param>
internal sealed class ParallelBlock(Norm attentionNorm, Attention attention, Norm mlpNorm, Mlp mlp) : Block
{
    public override IEnumerable<Tensor> Weights => [.. attentionNorm.Weights, .. attention.Weights, .. mlpNorm.Weights, .. mlp.Weights];

    public override bool Run(ForwardPass pass, ResidualStream stream, int layer, PassBuffers buffers)
    {
        Tensor attended = buffers.Product("attention_out", stream.Width);
        Tensor added = buffers.Product("added", stream.Width);
        if (!stream.Pass(new HookPoint(HookKind.ResidualPre, layer))
            || stream.Read(attentionNorm, buffers, null, new HookPoint(HookKind.AttentionNormalized, layer)) is not ProductRows attentionInput
            || !attention.Run(pass, layer, attentionInput, buffers, new RowsTarget(attended)))
        {
            return false;
        }

        attended = pass.Apply(new HookPoint(HookKind.AttentionOut, layer), attended) ?? attended;
        if (pass.Done
            || stream.Read(mlpNorm, buffers, new HookPoint(HookKind.MlpIn, layer), new HookPoint(HookKind.MlpNormalized, layer)) is not ProductRows mlpInput
            || !mlp.Run(pass, layer, mlpInput, buffers, new RowsTarget(added)))
        {
            return false;
        }

        stream.Add(attended);
        return stream.Add(new HookPoint(HookKind.MlpOut, layer), added) && stream.Pass(new HookPoint(HookKind.ResidualPost, layer));
    }

    public override string? Absence(HookKind kind)
    {
        return kind == HookKind.ResidualMid ? "attention and MLP run in parallel on the same residual stream, so nothing lies between them" : null;
    }

    public override Tensor Written(HookKind kind, Tensor directions)
    {
        return kind == HookKind.AttentionZ ? attention.Written(directions) : mlp.Written(directions);
    }

    public override void Dispose()
    {
        attentionNorm.Dispose();
        attention.Dispose();
        mlpNorm.Dispose();
        mlp.Dispose();
    }
}
