using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Workbench.Models;
using Workbench.Text.Tokenizers;

namespace Workbench.Shared.Tests.BadInput;

[Trait("Category", "BadInput")]
public class JsonFuzzTests
{
    private const string Text = "Ein Café, a<x> b  12 \u2581ﬁ 你好 \t👩‍💻!";

    [Fact]
    public void Damaged_configs_are_read_or_refused()
    {
        BadInputRun.Of("config.json", [.. JsonSeeds.Configs.Select(Encoding.UTF8.GetBytes)], Damage.Json, path =>
            RequireField(path, () => ModelFiles.Find(Path.GetDirectoryName(path)!).ReadConfig()));
    }

    [Fact]
    public void Damaged_tokenizers_are_read_or_refused()
    {
        BadInputRun.Of("tokenizer.json", [.. JsonSeeds.Tokenizers.Select(Encoding.UTF8.GetBytes)], Damage.Json, path => RequireField(path, () =>
        {
            TextTokenizer tokenizer = TokenizerLoader.FromJson(path);
            _ = tokenizer.EncodeWithOffsets(Text);
            int[] ids = tokenizer.Encode(Text, addSpecialTokens: true);
            _ = tokenizer.Decode(ids);
            _ = tokenizer.Pieces(ids);
        }));
    }

    /// <summary>A file that is JSON still is refused for one of its fields.</summary>
    private static void RequireField(string path, Action read)
    {
        try
        {
            read();
        }
        catch (WorkbenchException refusal) when (IsObject(path))
        {
            refusal.Message.ShouldContain("'");
            throw;
        }
    }

    private static bool IsObject(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Object && Utf8.IsValid(File.ReadAllBytes(path));
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
