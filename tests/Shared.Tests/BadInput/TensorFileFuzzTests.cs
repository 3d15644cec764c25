using System.IO.Compression;
using TorchSharp;
using Workbench.Models.Weights;
using Workbench.Models.Weights.Npz;
using Workbench.Shared.Tests.Models;
using Workbench.Text.Tokenizers;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.BadInput;

[Trait("Category", "BadInput")]
public class TensorFileFuzzTests
{
    [Fact]
    public void Damaged_safetensors_are_read_or_refused()
    {
        BadInputRun.Of("model.safetensors", [Safetensors()], Damage.Bytes, path =>
        {
            SafetensorsFile file = SafetensorsFile.Open(path);
            foreach (string name in file.Names)
            {
                RequireFits(file.Load(name), new FileInfo(path).Length);
            }
        });
    }

    [Fact]
    public void Safetensors_with_a_damaged_header_are_read_or_refused()
    {
        BadInputRun.Of("model.safetensors", [Safetensors()], DamageHeader, path =>
        {
            SafetensorsFile file = SafetensorsFile.Open(path);
            foreach (string name in file.Names)
            {
                RequireFits(file.Load(name), new FileInfo(path).Length);
            }
        });
    }

    [Fact]
    public void Damaged_gguf_files_are_read_or_refused()
    {
        BadInputRun.Of("model.gguf", [Gguf(), GgufTokenizer()], Damage.Bytes, path =>
        {
            using GgufFile file = GgufFile.Open(path);
            foreach (string name in file.Tensors.Keys)
            {
                // A block of two bits a number becomes sixteen times as large.
                RequireFits(file.Dequantise(name), 16 * new FileInfo(path).Length);
            }

            if (file.Metadata.ContainsKey("tokenizer.ggml.model"))
            {
                TextTokenizer tokenizer = TokenizerLoader.FromGguf(file);
                _ = tokenizer.Decode(tokenizer.Encode("a bé b", addSpecialTokens: true));
            }
        });
    }

    [Fact]
    public void Damaged_npz_files_are_read_or_refused()
    {
        BadInputRun.Of("params.npz", [Npz(CompressionLevel.NoCompression), Npz(CompressionLevel.Optimal)], Damage.Bytes, path =>
        {
            using NpzFile file = NpzFile.Open(path);
            foreach (string name in file.Names)
            {
                RequireFits(file.Read(name), 1032 * new FileInfo(path).Length);
            }
        });
    }

    private static void RequireFits(Tensor tensor, long bytes)
    {
        using (tensor)
        {
            (tensor.numel() * tensor.element_size()).ShouldBeLessThanOrEqualTo(bytes);
            _ = tensor.to(ScalarType.Float32).sum().item<float>();
        }
    }

    private static byte[] Safetensors()
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(
            stream,
            [
                ("W_enc", arange(24, ScalarType.Float32).view(4, 6)), ("b", arange(6, ScalarType.Int64)), ("h", ones(3, ScalarType.BFloat16)),
                ("scalar", tensor(2.5)), ("empty", zeros(0, 5)),
            ],
            new Dictionary<string, string> { ["format"] = "pt", ["note"] = "é" });
        return stream.ToArray();
    }

    private static byte[] DamageHeader(byte[] whole, Random random)
    {
        int length = (int)BitConverter.ToUInt64(whole);
        byte[] header = Damage.Json(whole[8..(8 + length)], random);
        return [.. BitConverter.GetBytes((ulong)header.Length), .. header, .. whole[(8 + length)..]];
    }

    private static byte[] Gguf()
    {
        const uint Single = 0;
        const uint EightBits = 8;
        GgufBytes file = new GgufBytes().Count(3).Count(4)
            .Text("general.architecture").Number(8).Text("llama")
            .Text("general.alignment").Number(4).Number(32)
            .Text("names").Number(9).Number(8).Count(2).Text("a").Text("bc")
            .Text("numbers").Number(9).Number(5).Count(3).Number(1).Number(2).Number(3)
            .Tensor("w", [8, 2], Single, 0)
            .Tensor("q", [32, 2], EightBits, 64)
            .Tensor("v", [4], Single, 160);
        return file.Data([.. Enumerable.Range(0, 44).Select(number => (float)number)]).ToArray();
    }

    private static byte[] GgufTokenizer()
    {
        string[] tokens = ["<unk>", "<s>", "a", "b", "\u2581", "\u2581a", "ab", "<0x61>", "<0xC3>", "<0xA9>"];
        uint[] types = [2, 3, 1, 1, 1, 1, 1, 6, 6, 6];
        GgufBytes file = new GgufBytes().Count(0).Count(6)
            .Text("tokenizer.ggml.model").Number(8).Text("llama")
            .Text("tokenizer.ggml.bos_token_id").Number(4).Number(1)
            .Text("tokenizer.ggml.add_bos_token").Number(7).Byte(1);
        _ = file.Text("tokenizer.ggml.tokens").Number(9).Number(8).Count((ulong)tokens.Length);
        Array.ForEach(tokens, token => file.Text(token));
        _ = file.Text("tokenizer.ggml.token_type").Number(9).Number(5).Count((ulong)types.Length);
        Array.ForEach(types, type => file.Number(type));
        _ = file.Text("tokenizer.ggml.scores").Number(9).Number(6).Count((ulong)tokens.Length);
        for (int id = 0; id < tokens.Length; id++)
        {
            _ = file.Number(BitConverter.SingleToUInt32Bits(-id));
        }

        return file.Data().ToArray();
    }

    private static byte[] Npz(CompressionLevel level)
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, Tensor array) in new[] { ("W", arange(40, ScalarType.Float32).view(5, 8)), ("b", ones(9, ScalarType.Int64)) })
            {
                using Stream entry = archive.CreateEntry(name + ".npy", level).Open();
                entry.Write(NpyHeader.Write(array.dtype, array.shape));
                entry.Write(array.bytes);
            }
        }

        return stream.ToArray();
    }
}
