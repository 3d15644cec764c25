using System.Text.Json.Nodes;
using TorchSharp;
using Workbench.Models;
using Workbench.Models.Weights;
using Workbench.Numerics;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Models.Reference;

/// <summary>GPT-2 and GPT-NeoX of odd sizes against their formulas in float64.</summary>
public sealed class RandomGptTests : IDisposable
{
    private const double Epsilon = 1e-3;
    private const double Tolerance = 2e-5;
    private const int Draws = 6;
    private const double Theta = 90;

    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
    }

    [Fact]
    public void Gpt2_gives_the_logits_of_a_plain_forward_pass()
    {
        var random = new Random(1);
        for (int draw = 0; draw < Draws; draw++)
        {
            using var scope = NewDisposeScope();
            (int heads, int layers, int vocabulary, int length) = (random.Next(1, 5), random.Next(1, 4), random.Next(9, 90), random.Next(1, 30));
            int width = heads * random.Next(1, 14);
            int hidden = random.Next(3, 60);
            var weights = new RandomWeights(draw);
            weights.Add("transformer.wte.weight", vocabulary, width);
            weights.Add("transformer.wpe.weight", length + 1, width);
            weights.AddNorm("transformer.ln_f", width);
            for (int layer = 0; layer < layers; layer++)
            {
                string block = $"transformer.h.{layer}.";
                weights.AddNorm(block + "ln_1", width);
                weights.AddNorm(block + "ln_2", width);
                weights.AddLinear(block + "attn.c_attn", width, 3 * width);
                weights.AddLinear(block + "attn.c_proj", width, width);
                weights.AddLinear(block + "mlp.c_fc", width, hidden);
                weights.AddLinear(block + "mlp.c_proj", hidden, width);
            }

            var config = new JsonObject
            {
                ["model_type"] = "gpt2", ["n_embd"] = width, ["n_head"] = heads, ["n_layer"] = layers, ["n_inner"] = hidden,
                ["vocab_size"] = vocabulary, ["n_positions"] = length + 1, ["layer_norm_epsilon"] = Epsilon,
            };
            long[] text = [.. Enumerable.Range(0, length).Select(_ => random.NextInt64(vocabulary))];
            Tensor stream = weights["transformer.wte.weight"].index_select(0, tensor(text)) + weights["transformer.wpe.weight"].narrow(0, 0, length);
            for (int layer = 0; layer < layers; layer++)
            {
                string block = $"transformer.h.{layer}.";
                Tensor[] parts = Transposed(weights, Norm(weights, stream, block + "ln_1"), block + "attn.c_attn").split([width, width, width], 1);
                stream += Transposed(weights, Attend(parts[0], parts[1], parts[2], heads, rotated: 0), block + "attn.c_proj");
                Tensor x = Transposed(weights, Norm(weights, stream, block + "ln_2"), block + "mlp.c_fc");
                x = 0.5 * x * (1 + (Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x.pow(3)))).tanh());
                stream += Transposed(weights, x, block + "mlp.c_proj");
            }

            Require(config, weights, text, Norm(weights, stream, "transformer.ln_f").mm(weights["transformer.wte.weight"].t()), $"draw {draw}: {config}");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Gpt_neox_gives_the_logits_of_a_plain_forward_pass(bool parallel)
    {
        var random = new Random(2);
        for (int draw = 0; draw < Draws; draw++)
        {
            using var scope = NewDisposeScope();
            (int heads, int layers, int vocabulary, int length) = (random.Next(1, 5), random.Next(1, 4), random.Next(9, 90), random.Next(1, 30));
            int headDim = 2 * random.Next(1, 14);
            int rotated = 2 * random.Next(1, (headDim / 2) + 1);
            int width = heads * headDim;
            int hidden = random.Next(3, 60);
            var weights = new RandomWeights(draw);
            weights.Add("gpt_neox.embed_in.weight", vocabulary, width);
            weights.Add("embed_out.weight", vocabulary, width);
            weights.AddNorm("gpt_neox.final_layer_norm", width);
            for (int layer = 0; layer < layers; layer++)
            {
                string block = $"gpt_neox.layers.{layer}.";
                weights.AddNorm(block + "input_layernorm", width);
                weights.AddNorm(block + "post_attention_layernorm", width);
                weights.AddLinear(block + "attention.query_key_value", 3 * width, width, outputs: 3 * width);
                weights.AddLinear(block + "attention.dense", width, width);
                weights.AddLinear(block + "mlp.dense_h_to_4h", hidden, width, outputs: hidden);
                weights.AddLinear(block + "mlp.dense_4h_to_h", width, hidden, outputs: width);
            }

            var config = new JsonObject
            {
                ["model_type"] = "gpt_neox", ["hidden_size"] = width, ["num_attention_heads"] = heads, ["num_hidden_layers"] = layers,
                ["intermediate_size"] = hidden, ["vocab_size"] = vocabulary, ["max_position_embeddings"] = 64, ["layer_norm_eps"] = Epsilon,
                ["use_parallel_residual"] = parallel, ["rotary_emb_base"] = Theta, ["rotary_pct"] = Math.Min((rotated + 0.01) / headDim, 1),
            };
            long[] text = [.. Enumerable.Range(0, length).Select(_ => random.NextInt64(vocabulary))];
            Tensor stream = weights["gpt_neox.embed_in.weight"].index_select(0, tensor(text));
            for (int layer = 0; layer < layers; layer++)
            {
                string block = $"gpt_neox.layers.{layer}.";
                Tensor fused = Linear(weights, Norm(weights, stream, block + "input_layernorm"), block + "attention.query_key_value")
                    .view(length, heads, 3, headDim);
                Tensor[] parts = [.. Enumerable.Range(0, 3).Select(kind => fused.select(2, kind).reshape(length, width))];
                Tensor attended = Linear(weights, Attend(parts[0], parts[1], parts[2], heads, rotated), block + "attention.dense");
                Tensor read = parallel ? stream : stream + attended;
                Tensor x = Linear(weights, Norm(weights, read, block + "post_attention_layernorm"), block + "mlp.dense_h_to_4h");
                x = 0.5 * x * (1 + (x / Math.Sqrt(2)).erf());
                stream = stream + attended + Linear(weights, x, block + "mlp.dense_4h_to_h");
            }

            Require(config, weights, text, Norm(weights, stream, "gpt_neox.final_layer_norm").mm(weights["embed_out.weight"].t()), $"draw {draw}: {config}");
        }
    }

    private static Tensor Attend(Tensor q, Tensor k, Tensor v, int heads, int rotated)
    {
        long width = q.shape[1] / heads;
        Tensor hidden = ones([q.shape[0], q.shape[0]], ScalarType.Bool).triu(1);
        return cat(
            [
                .. Enumerable.Range(0, heads).Select(head =>
                {
                    Tensor own = Rotate(q.narrow(1, head * width, width), rotated);
                    Tensor scores = own.mm(Rotate(k.narrow(1, head * width, width), rotated).t()) / Math.Sqrt(width);
                    return scores.masked_fill(hidden, double.NegativeInfinity).softmax(-1).mm(v.narrow(1, head * width, width));
                }),
            ],
            1);
    }

    private static Tensor Rotate(Tensor head, int rotated)
    {
        if (rotated == 0)
        {
            return head;
        }

        int half = rotated / 2;
        Tensor angle = arange(head.shape[0], ScalarType.Float64).unsqueeze(1)
            * tensor(Enumerable.Range(0, half).Select(i => Math.Pow(Theta, -2.0 * i / rotated)).ToArray());
        (Tensor a, Tensor b) = (head.narrow(1, 0, half), head.narrow(1, half, half));
        return cat([(a * angle.cos()) - (b * angle.sin()), (b * angle.cos()) + (a * angle.sin()), head.narrow(1, rotated, head.shape[1] - rotated)], 1);
    }

    private static Tensor Norm(RandomWeights weights, Tensor x, string name)
    {
        Tensor centred = x - x.mean([-1], keepdim: true);
        return (centred / (centred.square().mean([-1], keepdim: true) + Epsilon).sqrt() * weights[name + ".weight"]) + weights[name + ".bias"];
    }

    private static Tensor Linear(RandomWeights weights, Tensor x, string name)
    {
        return x.mm(weights[name + ".weight"].t()) + weights[name + ".bias"];
    }

    private static Tensor Transposed(RandomWeights weights, Tensor x, string name)
    {
        return x.mm(weights[name + ".weight"]) + weights[name + ".bias"];
    }

    private void Require(JsonObject config, RandomWeights weights, long[] text, Tensor expected, string name)
    {
        string folder = _folder.At(Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString());
        using (FileStream file = File.Create(Path.Combine(folder, "model.safetensors")))
        {
            SafetensorsWriter.Write(file, weights.Tensors);
        }

        using LanguageModel model = ModelFiles.Find(folder).LoadModel(precision: MatrixPrecision.Float32);
        TensorAssert.CloseToScale(expected, model.Forward(tensor(text).unsqueeze(0))![0], Tolerance, name);
    }
}
