using TorchSharp;
using Workbench.Models.Kernels;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Architectures;

/// <summary>The forward pass of Llama.</summary>
internal sealed class LlamaModel(
    ModelConfig config,
    Device device,
    ScalarType computeType,
    Tensor embedding,
    LlamaBlock[] blocks,
    Tensor finalNorm,
    Tensor? unembedding,
    RotaryTable rotary) : LanguageModel(config, device, computeType)
{
    private readonly ActivationBuffers _buffers = new(device);
    private readonly Tensor _embedding = embedding.DetachFromDisposeScope();
    private readonly Tensor _finalNorm = finalNorm.DetachFromDisposeScope();
    private readonly Tensor? _unembedding = unembedding?.DetachFromDisposeScope();

    public override Tensor UnembedWeight => _unembedding ?? _embedding;

    public override Tensor FinalNormWeight => _finalNorm;

    protected override bool HasKind(HookKind kind)
    {
        return kind != HookKind.PositionEmbed;
    }

    private protected override Tensor Written(HookPoint point, Tensor directions)
    {
        LlamaBlock block = blocks[point.Layer!.Value];
        return (point.Kind == HookKind.AttentionZ ? block.Output : block.Down).Map(directions);
    }

    private protected override Tensor? Run(ForwardPass pass)
    {
        // A few rows are bound by reading the weights: float32 activations cost nothing there, on any CPU.
        bool few = pass.Rows <= Projection.FewRows && Device.type == DeviceType.CPU;
        ScalarType type = few ? ScalarType.Float32 : ComputeType;
        Tensor values = _buffers.Get("residual", pass.Rows, Config.Width, ScalarType.Float32);
        values.copy_(_embedding.index_select(0, pass.Tokens.reshape(-1)));
        var stream = new ResidualStream(pass, values, Config.NormEpsilon);
        if (!stream.Pass(new HookPoint(HookKind.Embed)))
        {
            return null;
        }

        var buffers = new LlamaBuffers(_buffers, Config, pass.Rows, type);
        (Tensor Cosine, Tensor Sine) angles = rotary.At(pass.FirstPosition, pass.Length);
        for (int layer = 0; layer < blocks.Length; layer++)
        {
            using var scope = NewDisposeScope();
            if (!stream.Pass(new HookPoint(HookKind.ResidualPre, layer))
                || !Attend(pass, stream, layer, buffers, angles)
                || !stream.Pass(new HookPoint(HookKind.ResidualMid, layer))
                || !Mlp(pass, stream, layer, buffers)
                || !stream.Pass(new HookPoint(HookKind.ResidualPost, layer)))
            {
                return null;
            }
        }

        return Unembed(pass, stream);
    }

    protected override void Dispose(bool disposing)
    {
        foreach (LlamaBlock block in blocks)
        {
            block.Dispose();
        }

        _buffers.Dispose();
        _embedding.Dispose();
        _finalNorm.Dispose();
        _unembedding?.Dispose();
        rotary.Dispose();
    }

    private bool Attend(ForwardPass pass, ResidualStream stream, int layer, LlamaBuffers buffers, (Tensor Cosine, Tensor Sine) angles)
    {
        LlamaBlock block = blocks[layer];
        if (!stream.Normalise(block.AttentionNorm, buffers.Normed, null, new HookPoint(HookKind.AttentionNormalized, layer)))
        {
            return false;
        }

        block.QueryKeyValue.Apply(buffers.Normed, buffers.Projected);
        RotaryKernel.Apply(buffers.Projected, Config.Heads + Config.KeyValueHeads, angles.Cosine, angles.Sine);
        Tensor z = CausalAttention.Apply(pass, layer, Config, buffers.Projected, buffers.Attended);
        z = pass.Apply(new HookPoint(HookKind.AttentionZ, layer), z)?.to(z.dtype) ?? z;
        if (pass.Done)
        {
            return false;
        }

        block.Output.Apply(z, buffers.Added);
        return stream.Add(new HookPoint(HookKind.AttentionOut, layer), buffers.Added);
    }

    private bool Mlp(ForwardPass pass, ResidualStream stream, int layer, LlamaBuffers buffers)
    {
        LlamaBlock block = blocks[layer];
        if (!stream.Normalise(block.MlpNorm, buffers.Normed, new HookPoint(HookKind.MlpIn, layer), new HookPoint(HookKind.MlpNormalized, layer)))
        {
            return false;
        }

        block.GateUp.Apply(buffers.Normed, buffers.GateUp);
        GatedSiluKernel.Apply(buffers.GateUp, buffers.Hidden);
        Tensor hidden = pass.Apply(new HookPoint(HookKind.MlpPost, layer), buffers.Hidden)?.to(buffers.Hidden.dtype) ?? buffers.Hidden;
        if (pass.Done)
        {
            return false;
        }

        block.Down.Apply(hidden, buffers.Added);
        return stream.Add(new HookPoint(HookKind.MlpOut, layer), buffers.Added);
    }

    private Tensor? Unembed(ForwardPass pass, ResidualStream stream)
    {
        Tensor normed = empty(pass.Rows, Config.Width, ScalarType.Float32, Device);
        if (!stream.Normalise(_finalNorm, normed, null, new HookPoint(HookKind.FinalNormalized)))
        {
            return null;
        }

        Tensor final = pass.Apply(new HookPoint(HookKind.FinalOut), normed) ?? normed;
        if (pass.Done)
        {
            return null;
        }

        int columns = pass.Length;
        if (pass.Logits == LogitPositions.Last && columns > 1)
        {
            final = final.view(pass.Batch, columns, Config.Width).select(1, columns - 1).contiguous();
            columns = 1;
        }

        Tensor logits = empty(pass.Batch * columns, Config.VocabularySize, ScalarType.Float32, Device);
        Projection.Multiply(UnembedWeight, final, logits);
        return logits.view(pass.Batch, columns, Config.VocabularySize);
    }
}
