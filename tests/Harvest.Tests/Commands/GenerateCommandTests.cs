using System.Text.Json;
using Workbench.Testing;

namespace Workbench.Harvest.Tests.Commands;

public sealed class GenerateCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public GenerateCommandTests()
    {
        _model = new TinyModel { Layers = 2 }.Write(_folder.At("models", "tiny"));
    }

    public void Dispose()
    {
        _folder.Dispose();
    }

    [Fact]
    public void Json_holds_the_continuation_and_nothing_else_is_printed()
    {
        (int exitCode, string output, _) = HarvestProcess.Run(
            "generate", "--model", "tiny", "--workspace", _folder.Path, "--prompt", "abc", "--max-tokens", "5", "--ignore-eos", "--json");
        exitCode.ShouldBe(0);
        using JsonDocument result = JsonDocument.Parse(output);
        result.RootElement.GetProperty("prompt_ids").EnumerateArray().Select(id => id.GetInt32()).ShouldBe([0, 'a' + 1, 'b' + 1, 'c' + 1]);
        result.RootElement.GetProperty("ids").GetArrayLength().ShouldBe(5);
        result.RootElement.GetProperty("model").GetString().ShouldBe("tiny");
    }

    [Fact]
    public void An_edit_file_changes_the_continuation()
    {
        string edit = _folder.At("edit.json");
        string vector = string.Join(',', Enumerable.Range(0, 32).Select(i => i % 3 - 1));
        File.WriteAllText(edit, $$"""{"version":1,"edits":[{"hook":"blocks.1.hook_resid_post","operation":"add","vector":[{{vector}}],"strength":20}]}""");
        string[] line = ["generate", "--model", _model, "--prompt", "abc", "--max-tokens", "5", "--ignore-eos", "--json"];
        Ids(HarvestProcess.Run([.. line, "--edit", edit]).Output).ShouldNotBe(Ids(HarvestProcess.Run(line).Output));
    }

    [Theory]
    [InlineData(1, "'absent'", "--model", "absent", "--prompt", "a")]
    [InlineData(2, "temperature", "--model", "tiny", "--prompt", "a", "--temperature", "-1")]
    [InlineData(2, "--prompt", "--model", "tiny")]
    [InlineData(2, "chat template", "--model", "tiny", "--prompt", "a", "--chat")]
    [InlineData(1, "edit.json", "--model", "tiny", "--prompt", "a", "--edit", "no-such-edit.json")]
    public void Wrong_input_gives_one_sentence_and_an_exit_code(int expected, string named, params string[] arguments)
    {
        (int exitCode, string output, string error) = HarvestProcess.Run(["generate", "--workspace", _folder.Path, .. arguments]);
        exitCode.ShouldBe(expected);
        output.ShouldBeEmpty();
        error.ShouldContain(named);
        error.ShouldNotContain("   at ");
    }

    [Fact]
    public void Bench_forward_prints_the_share_of_the_matrix_products()
    {
        (int exitCode, string output, _) = HarvestProcess.Run(
            "bench", "forward", "--model", _model, "--layer", "1", "--context", "16", "--batch", "2", "--repeats", "1", "--precision", "float32", "--json");
        exitCode.ShouldBe(0);
        using JsonDocument result = JsonDocument.Parse(output);
        result.RootElement.GetProperty("share").GetDouble().ShouldBeGreaterThan(0);
        result.RootElement.GetProperty("hook").GetString().ShouldBe("blocks.1.hook_resid_post");
        result.RootElement.GetProperty("precision").GetString().ShouldBe("float32");
    }

    private static int[] Ids(string json)
    {
        using JsonDocument result = JsonDocument.Parse(json);
        return [.. result.RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
    }
}
