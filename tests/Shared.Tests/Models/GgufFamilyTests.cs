using TorchSharp;
using Workbench.Models;
using Workbench.Models.Weights;
using Workbench.Numerics;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Models;

/// <summary>Golden models of families whose GGUF files keep the order of rows, written as GGUF.</summary>
[Trait("Category", "Golden")]
public sealed class GgufFamilyTests : IDisposable
{
    private const uint UInt32 = 4;
    private const uint Float32 = 6;
    private const uint String = 8;
    private const int Alignment = 32;

    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
    }

    [Fact]
    public void A_qwen_model_written_as_GGUF_gives_the_references_logits()
    {
        LanguageModelCase[] cases = [.. LanguageModelCase.All().Where(golden => golden.Family is "qwen2" or "qwen3" && golden.IsWhole)];
        Assert.SkipWhen(cases.Length == 0, "There is no model of Qwen among the reference values.");
        foreach (LanguageModelCase golden in cases)
        {
            using var scope = NewDisposeScope();
            string path = _folder.At(golden.Name + ".gguf");
            File.WriteAllBytes(path, Gguf(golden));
            using LanguageModel model = ModelFiles.Find(path).LoadModel(precision: MatrixPrecision.Float32);
            SafetensorsFile reference = golden.Reference();
            TensorAssert.CloseToScale(reference.Load("logits"), model.Forward(reference.Load("input_ids"))!, 1e-4, golden.Name);
        }
    }

    private static byte[] Gguf(LanguageModelCase golden)
    {
        ModelConfig config = ModelFiles.Find(golden.Folder).ReadConfig();
        SafetensorsFile weights = SafetensorsFile.Open(Path.Combine(golden.Folder, "model.safetensors"));
        List<(string Name, Tensor Tensor)> tensors = [.. weights.Names.Select(name => (Renamed(name), weights.Load(name, ScalarType.Float32)))];
        (string Key, uint Type, double Value)[] numbers =
        [
            ("block_count", UInt32, config.Layers),
            ("embedding_length", UInt32, config.Width),
            ("feed_forward_length", UInt32, config.IntermediateSize),
            ("context_length", UInt32, config.ContextLength),
            ("attention.head_count", UInt32, config.Heads),
            ("attention.head_count_kv", UInt32, config.KeyValueHeads),
            ("attention.key_length", UInt32, config.HeadDim),
            ("attention.layer_norm_rms_epsilon", Float32, config.NormEpsilon),
            ("rope.freq_base", Float32, config.Rope!.Base),
        ];
        GgufBytes bytes = new GgufBytes().Count((ulong)tensors.Count).Count((ulong)numbers.Length + 1)
            .Text("general.architecture").Number(String).Text(golden.Family);
        foreach ((string key, uint type, double value) in numbers)
        {
            bytes.Text($"{golden.Family}.{key}").Number(type).Number(type == UInt32 ? (uint)value : BitConverter.SingleToUInt32Bits((float)value));
        }

        ulong offset = 0;
        foreach ((string name, Tensor tensor) in tensors)
        {
            bytes.Tensor(name, [.. tensor.shape.Reverse().Select(size => (ulong)size)], (uint)GgufType.F32, offset);
            offset += (ulong)((tensor.numel() * sizeof(float)) + Alignment - 1) / Alignment * Alignment;
        }

        foreach ((_, Tensor tensor) in tensors)
        {
            bytes.Data(tensor.data<float>().ToArray());
        }

        return bytes.ToArray();
    }

    private static string Renamed(string name)
    {
        (string From, string To)[] parts =
        [
            ("model.embed_tokens", "token_embd"), ("model.norm", "output_norm"), ("lm_head", "output"), ("model.layers", "blk"),
            ("input_layernorm", "attn_norm"), ("post_attention_layernorm", "ffn_norm"), ("self_attn.o_proj", "attn_output"),
            ("self_attn.", "attn_"), ("mlp.", "ffn_"), ("_proj", string.Empty),
        ];
        return parts.Aggregate(name, (text, part) => text.Replace(part.From, part.To, StringComparison.Ordinal));
    }
}
