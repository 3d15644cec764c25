using System.Text;
using System.Text.Json.Nodes;
using Workbench.Text.Tokenizers;

namespace Workbench.Shared.Tests.Text.Tokenizers;

public class TokenizerScaleTests
{
    /// <summary>
    /// A quadratic merge would need a hundred million times the work of a short text here, so that this test would not end. The
    /// limit on memory is what fails in between.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void A_megabyte_without_pre_tokenizer_costs_memory_in_proportion(int wordLength)
    {
        using var files = new SmallTokenizer();
        files.Json["pre_tokenizer"] = null;
        files.Json["decoder"] = JsonNode.Parse("""{"type": "Fuse"}""");
        files.Json["post_processor"] = null;
        files.Json["model"] = JsonNode.Parse(
            """{"type": "BPE", "vocab": {"a": 1, "aa": 2, "aaaa": 3, " ": 4}, "merges": ["a a", "aa aa"]}""");
        TextTokenizer sut = files.Load();
        var text = new StringBuilder();
        while (text.Length < 1 << 20)
        {
            text.Append('a', wordLength).Append(wordLength == 1 ? "" : " ");
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        int[] ids = sut.Encode(text.ToString());
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        sut.Decode(ids).ShouldBe(text.ToString());
        allocated.ShouldBeLessThan(200L * text.Length);
    }
}
