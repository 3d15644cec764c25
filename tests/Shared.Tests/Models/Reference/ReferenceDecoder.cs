using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Models.Reference;

/// <summary>A decoder's forward pass in float64, position by position as the papers write it; nothing in it is fast.</summary>
internal sealed class ReferenceDecoder(DecoderSpec spec, Dictionary<string, Tensor> weights)
{
    /// <summary>Logits of one sequence, float64 [seq, vocabulary].</summary>
    public Tensor Logits(long[] tokens)
    {
        Tensor embedding = Weight("model.embed_tokens.weight");
        Tensor stream = embedding.index_select(0, tensor(tokens)) * (spec.IsGemma ? Math.Sqrt(spec.Width) : 1);
        for (int layer = 0; layer < spec.Layers; layer++)
        {
            string block = $"model.layers.{layer}.";
            Tensor read = spec.NormsInputs ? Norm(stream, block + "input_layernorm.weight") : stream;
            Tensor attended = Attention(read, block, layer);
            stream += spec.NormsOutputs ? Norm(attended, block + "post_attention_layernorm.weight") : attended;
            string second = spec.IsGemma ? "pre_feedforward_layernorm" : "post_attention_layernorm";
            Tensor written = Mlp(spec.NormsInputs ? Norm(stream, $"{block}{second}.weight") : stream, block);
            stream += spec.NormsOutputs ? Norm(written, block + "post_feedforward_layernorm.weight") : written;
        }

        Tensor logits = Norm(stream, "model.norm.weight").mm((spec.Tied ? embedding : Weight("lm_head.weight")).t());
        return spec.LogitCap is double cap ? (logits / cap).tanh() * cap : logits;
    }

    private Tensor Attention(Tensor input, string block, int layer)
    {
        (int query, int key) = (spec.Heads * spec.HeadDim, spec.Groups * spec.HeadDim);
        Tensor q, k, v;
        if (spec.Family == "phi3")
        {
            Tensor[] parts = Linear(input, block + "self_attn.qkv_proj").split([query, key, key], 1);
            (q, k, v) = (parts[0], parts[1], parts[2]);
        }
        else
        {
            (q, k, v) = (Linear(input, block + "self_attn.q_proj"), Linear(input, block + "self_attn.k_proj"), Linear(input, block + "self_attn.v_proj"));
        }

        if (spec.HasHeadNorm && spec.Family == "olmo2")
        {
            (q, k) = (Norm(q, block + "self_attn.q_norm.weight"), Norm(k, block + "self_attn.k_norm.weight"));
        }

        var heads = new List<Tensor>();
        for (int head = 0; head < spec.Heads; head++)
        {
            Tensor own = Head(q, head, block + "self_attn.q_norm.weight", layer);
            Tensor shared = Head(k, head / spec.Share, block + "self_attn.k_norm.weight", layer);
            Tensor scores = own.mm(shared.t()) / Math.Sqrt(spec.QueryScalar);
            scores = spec.AttentionCap is double cap ? (scores / cap).tanh() * cap : scores;
            heads.Add((scores + Mask((int)input.shape[0], layer)).softmax(-1).mm(v.narrow(1, head / spec.Share * spec.HeadDim, spec.HeadDim)));
        }

        return Linear(cat([.. heads], 1), block + "self_attn.o_proj");
    }

    private Tensor Head(Tensor all, int head, string norm, int layer)
    {
        Tensor own = all.narrow(1, head * spec.HeadDim, spec.HeadDim);
        return Rotate(spec.HasHeadNorm && spec.Family != "olmo2" ? Norm(own, norm) : own, spec.Base(layer));
    }

    private Tensor Rotate(Tensor head, double theta)
    {
        int half = spec.Rotated / 2;
        Tensor position = arange(head.shape[0], ScalarType.Float64).unsqueeze(1);
        Tensor frequency = tensor(Enumerable.Range(0, half).Select(i => Math.Pow(theta, -2.0 * i / spec.Rotated)).ToArray());
        (Tensor c, Tensor s) = ((position * frequency).cos(), (position * frequency).sin());
        (Tensor a, Tensor b) = (head.narrow(1, 0, half), head.narrow(1, half, half));
        return cat([(a * c) - (b * s), (b * c) + (a * s), head.narrow(1, 2 * half, spec.HeadDim - (2 * half))], 1);
    }

    private Tensor Mask(int length, int layer)
    {
        double[] mask = new double[length * length];
        for (int query = 0; query < length; query++)
        {
            for (int key = 0; key < length; key++)
            {
                bool seen = key <= query && (!spec.IsWindowed(layer) || query - key < spec.Window);
                mask[(query * length) + key] = seen ? 0 : double.NegativeInfinity;
            }
        }

        return tensor(mask, [length, length]);
    }

    private Tensor Mlp(Tensor input, string block)
    {
        Tensor gate, up;
        if (spec.Family == "phi3")
        {
            Tensor[] parts = Linear(input, block + "mlp.gate_up_proj").chunk(2, 1);
            (gate, up) = (parts[0], parts[1]);
        }
        else
        {
            (gate, up) = (Linear(input, block + "mlp.gate_proj"), Linear(input, block + "mlp.up_proj"));
        }

        Tensor activated = spec.IsGemma
            ? 0.5 * gate * (1 + (Math.Sqrt(2 / Math.PI) * (gate + (0.044715 * gate.pow(3)))).tanh())
            : gate * gate.sigmoid();
        return Linear(activated * up, block + "mlp.down_proj");
    }

    private Tensor Norm(Tensor x, string name)
    {
        return x / (x.square().mean([-1], keepdim: true) + DecoderSpec.Epsilon).sqrt() * (Weight(name) + (spec.IsGemma ? 1 : 0));
    }

    private Tensor Linear(Tensor x, string name)
    {
        Tensor y = x.mm(Weight(name + ".weight").t());
        return weights.ContainsKey(name + ".bias") ? y + Weight(name + ".bias") : y;
    }

    private Tensor Weight(string name)
    {
        return weights[name].to(ScalarType.Float64);
    }
}
