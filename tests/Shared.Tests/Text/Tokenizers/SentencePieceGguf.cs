using System.Text.Json;
using Workbench.Shared.Tests.Models;
using Workbench.Testing;

namespace Workbench.Shared.Tests.Text.Tokenizers;

/// <summary>
/// The GGUF form of a tokenizer.json that was made from a SentencePiece model: where every way to cut a token into two is a
/// merge, scores that fall in the order of the merges say the same.
/// </summary>
internal sealed class SentencePieceGguf
{
    private const uint Int32Type = 5;
    private const uint SingleType = 6;
    private const uint FlagType = 7;
    private const uint TextType = 8;
    private const uint ListType = 9;

    private readonly Dictionary<string, int> _vocabulary;
    private readonly HashSet<string> _control;
    private readonly JsonElement _root;

    private SentencePieceGguf(JsonElement root)
    {
        _root = root;
        _vocabulary = root.GetProperty("model").GetProperty("vocab").EnumerateObject().ToDictionary(token => token.Name, token => token.Value.GetInt32());
        _control = [.. root.GetProperty("added_tokens").EnumerateArray().Select(token => token.GetProperty("content").GetString()!)];
    }

    /// <summary>The file, or null where the tokenizer has no such form.</summary>
    /// <param name="folder">Folder of the tokenizer.json.</param>
    /// <param name="prefixes">Whether a space is put before a text, as Llama has it and Gemma has not.</param>
    public static byte[]? TryWrite(string folder, bool prefixes = true)
    {
        JsonElement root = Golden.Json(Golden.Require("tokenizers", folder), "tokenizer.json");
        JsonElement model = root.GetProperty("model");
        bool candidate = model.GetProperty("type").GetString() == "BPE" && model.GetProperty("byte_fallback").GetBoolean()
            && root.GetProperty("normalizer").ValueKind == JsonValueKind.Object
            && root.GetProperty("normalizer").GetRawText().Contains("\"Prepend\"", StringComparison.Ordinal);
        return candidate ? new SentencePieceGguf(root).Write(prefixes) : null;
    }

    private byte[]? Write(bool prefixes)
    {
        (string Left, string Right)[] merges = [.. _root.GetProperty("model").GetProperty("merges").EnumerateArray().Select(Pair)];
        if (!merges.ToHashSet().SetEquals(AllCuts()))
        {
            return null;
        }

        Dictionary<string, int> ranks = Ranks([.. merges.Select(merge => merge.Left + merge.Right)]);
        string[] written = [.. _vocabulary.OrderBy(token => token.Value).Select(token => token.Key)];
        GgufBytes file = new GgufBytes().Count(0).Count(7)
            .Text("tokenizer.ggml.add_space_prefix").Number(FlagType).Byte(prefixes ? (byte)1 : (byte)0)
            .Text("tokenizer.ggml.model").Number(TextType).Text("llama")
            .Text("tokenizer.ggml.bos_token_id").Number(Int32Type).Number((uint)_vocabulary["<s>"])
            .Text("tokenizer.ggml.eos_token_id").Number(Int32Type).Number((uint)_vocabulary["</s>"]);
        _ = file.Text("tokenizer.ggml.tokens").Number(ListType).Number(TextType).Count((ulong)written.Length);
        Array.ForEach(written, token => file.Text(token));
        _ = file.Text("tokenizer.ggml.token_type").Number(ListType).Number(Int32Type).Count((ulong)written.Length);
        Array.ForEach(written, token => file.Number(TypeOf(token)));
        _ = file.Text("tokenizer.ggml.scores").Number(ListType).Number(SingleType).Count((ulong)written.Length);
        Array.ForEach(written, token => file.Number(BitConverter.SingleToUInt32Bits(-ranks.GetValueOrDefault(token, merges.Length))));
        return file.Data().ToArray();
    }

    /// <summary>Tokens by falling score. Those whose merges stand among each other's had the same one.</summary>
    private static Dictionary<string, int> Ranks(string[] made)
    {
        Dictionary<string, int> last = made.Select((token, rank) => (token, rank)).GroupBy(entry => entry.token, entry => entry.rank)
            .ToDictionary(group => group.Key, group => group.Max());
        var ranks = new Dictionary<string, int>();
        int group = 0;
        int end = -1;
        for (int rank = 0; rank < made.Length; rank++)
        {
            group += rank > end ? 1 : 0;
            end = Math.Max(end, last[made[rank]]);
            ranks.TryAdd(made[rank], group);
        }

        return ranks;
    }

    private IEnumerable<(string Left, string Right)> AllCuts()
    {
        return _vocabulary.Keys.Where(token => TypeOf(token) == 1)
            .SelectMany(token => Enumerable.Range(1, token.Length - 1).Select(cut => (token[..cut], token[cut..])))
            .Where(pair => _vocabulary.ContainsKey(pair.Item1) && _vocabulary.ContainsKey(pair.Item2));
    }

    private uint TypeOf(string token)
    {
        return token == "<unk>" ? 2u : _control.Contains(token) ? 3u : token.StartsWith("<0x", StringComparison.Ordinal) && token.Length == 6 ? 6u : 1u;
    }

    private static (string Left, string Right) Pair(JsonElement merge)
    {
        string[] parts = merge.ValueKind == JsonValueKind.String
            ? merge.GetString()!.Split(' ')
            : [.. merge.EnumerateArray().Select(part => part.GetString()!)];
        return (parts[0], parts[1]);
    }
}
