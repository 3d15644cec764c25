using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Workbench.Harvest.Pretraining;

/// <summary>
/// The forward pass of a Llama for training: residual stream, norms and loss in float32, matrix products in the resolved
/// precision, gradients by autograd.
/// </summary>
internal sealed class LlamaForward : IDisposable
{
    private const double Epsilon = LlamaConfigFile.NormEpsilon;

    private readonly PretrainOptions _options;
    private readonly LlamaParameters _parameters;
    private readonly ScalarType _product;
    private readonly Tensor _cosine;
    private readonly Tensor _sine;

    public LlamaForward(PretrainOptions options, LlamaParameters parameters, ScalarType product)
    {
        _options = options;
        _parameters = parameters;
        _product = product;
        (_cosine, _sine) = Rotations(options);
    }

    /// <summary>Mean cross-entropy in nats a token.</summary>
    /// <param name="tokens">int64 [batch, context + 1]: inputs, and the same shifted by one as targets.</param>
    public Tensor Loss(Tensor tokens)
    {
        long batch = tokens.shape[0];
        Tensor inputs = tokens.narrow(1, 0, _options.Context).contiguous();
        Tensor targets = tokens.narrow(1, 1, _options.Context).reshape(-1);
        Tensor embedding = _parameters["model.embed_tokens.weight"];
        Tensor stream = embedding.index_select(0, inputs.view(-1));
        for (int layer = 0; layer < _options.Layers; layer++)
        {
            string block = $"model.layers.{layer}.";
            stream = stream + Attention(Norm(stream, block + "input_layernorm.weight"), block, batch);
            stream = stream + FeedForward(Norm(stream, block + "post_attention_layernorm.weight"), block);
        }

        Tensor logits = F.linear(Norm(stream, "model.norm.weight"), embedding.to(_product));
        return F.cross_entropy(logits.to(ScalarType.Float32), targets);
    }

    public void Dispose()
    {
        _cosine.Dispose();
        _sine.Dispose();
    }

    private static (Tensor Cosine, Tensor Sine) Rotations(PretrainOptions options)
    {
        using var scope = NewDisposeScope();
        int half = options.Width / options.Heads / 2;
        Tensor frequencies = pow(LlamaConfigFile.RopeTheta, -arange(half, ScalarType.Float64) / half);
        Tensor angles = outer(arange(options.Context, ScalarType.Float64), frequencies);
        Tensor both = cat([angles, angles], -1).to(ScalarType.Float32);
        return (both.cos().DetachFromDisposeScope(), both.sin().DetachFromDisposeScope());
    }

    private Tensor Norm(Tensor stream, string weight)
    {
        return (stream * (stream.square().mean([-1], keepdim: true) + Epsilon).rsqrt() * _parameters[weight]).to(_product);
    }

    private Tensor Weight(params string[] names)
    {
        return names.Length == 1 ? _parameters[names[0]].to(_product) : cat([.. names.Select(name => _parameters[name])], 0).to(_product);
    }

    private Tensor Attention(Tensor normed, string block, long batch)
    {
        Tensor projected = F.linear(normed, Weight(block + "self_attn.q_proj.weight", block + "self_attn.k_proj.weight", block + "self_attn.v_proj.weight"));
        Tensor[] heads = projected.view(batch, _options.Context, 3, _options.Heads, -1).permute(2, 0, 3, 1, 4).unbind(0);
        Tensor attended = F.scaled_dot_product_attention(Rotated(heads[0]), Rotated(heads[1]), heads[2], is_casual: true);
        Tensor merged = attended.transpose(1, 2).reshape(-1, _options.Width);
        return F.linear(merged, Weight(block + "self_attn.o_proj.weight"));
    }

    private Tensor Rotated(Tensor heads)
    {
        Tensor[] halves = heads.chunk(2, -1);
        return ((heads * _cosine) + (cat([-halves[1], halves[0]], -1) * _sine)).to(_product);
    }

    private Tensor FeedForward(Tensor normed, string block)
    {
        Tensor both = F.linear(normed, Weight(block + "mlp.gate_proj.weight", block + "mlp.up_proj.weight"));
        Tensor[] parts = both.chunk(2, -1);
        return F.linear(F.silu(parts[0]) * parts[1], Weight(block + "mlp.down_proj.weight"));
    }
}
