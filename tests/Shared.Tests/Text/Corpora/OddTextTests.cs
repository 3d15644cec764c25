using System.Text;
using Workbench.Testing;
using Workbench.Text.Corpora;

namespace Workbench.Shared.Tests.Text.Corpora;

/// <summary>What corpora in the wild have in them.</summary>
public sealed class OddTextTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
    }

    [Theory]
    [InlineData("c.txt", "first\n\nsecond")]
    [InlineData("c.jsonl", "{\"text\":\"first\"}\n{\"text\":\"second\"}")]
    public void A_byte_order_mark_other_line_ends_and_a_missing_last_one_change_nothing(string name, string content)
    {
        string windows = "\uFEFF" + content.Replace("\n", "\r\n", StringComparison.Ordinal);
        foreach (string form in new[] { content, content + "\n", windows, windows + "\r\n\r\n" })
        {
            Texts(name, Encoding.UTF8.GetBytes(form)).ShouldBe(["first", "second"]);
        }
    }

    [Fact]
    public void Empty_and_blank_documents_are_passed_over_and_a_corpus_of_nothing_else_is_refused()
    {
        Texts("c.jsonl", "{\"text\":\"\"}\n\n{\"text\":\" \\n\"}\n{\"text\":null}\n{\"text\":\"kept\"}\n"u8.ToArray()).ShouldBe(["kept"]);
        Should.Throw<WorkbenchException>(() => Texts("c.jsonl", "{\"text\":\"\"}\n"u8.ToArray())).Message.ShouldContain("holds no text");
        Should.Throw<WorkbenchException>(() => Texts("c.txt", [])).Message.ShouldContain("holds no text");
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_become_the_mark_of_a_replaced_character()
    {
        Texts("c.txt", [.. "a"u8, 0xFF, .. "b"u8]).ShouldBe(["a\uFFFDb"]);
        Texts("c.jsonl", [.. "{\"text\":\"a"u8, 0xC3, .. "b\"}"u8]).ShouldBe(["a\uFFFDb"]);
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_refused_by_its_line()
    {
        Should.Throw<WorkbenchException>(() => Texts("c.jsonl", "{\"text\":\"whole\"}\n{\"text\":\"\\ud800 half\"}\n"u8.ToArray())).Message
            .ShouldBe($"{_folder.At("c.jsonl")} line 2 field \"text\" has half of a surrogate pair (\\uD800 to \\uDFFF alone), which is no character; correct or remove the line.");
    }

    [Theory]
    [InlineData("c.txt", "", "")]
    [InlineData("c.jsonl", "{\"text\":\"", "\"}")]
    public void A_line_of_50_MB_is_one_document(string name, string before, string after)
    {
        const int Length = 50_000_000;
        using (FileStream file = File.Create(_folder.At(name)))
        {
            file.Write(Encoding.UTF8.GetBytes(before));
            file.Write(Enumerable.Repeat((byte)'x', Length).ToArray());
            file.Write(Encoding.UTF8.GetBytes(after));
        }

        CorpusRegistry.Open(_folder.At(name)).Documents(CorpusSplit.All).ShouldHaveSingleItem().Text.Length.ShouldBe(Length);
    }

    [Fact]
    public void A_label_that_some_records_lack_is_refused_by_its_line_and_what_the_record_has()
    {
        byte[] content = "{\"text\":\"a\",\"kind\":\"x\"}\n{\"text\":\"b\",\"sort\":\"y\"}\n"u8.ToArray();

        Should.Throw<WorkbenchException>(() => Texts("c.jsonl", content, "?label=kind")).Message
            .ShouldContain($"{_folder.At("c.jsonl")} line 2 has no field \"kind\"; it has text, sort");
    }

    [Fact]
    public void A_folder_may_mix_every_sort_of_file()
    {
        Directory.CreateDirectory(_folder.At("mixed", "sub"));
        File.WriteAllText(_folder.At("mixed", "a.txt"), "a whole\n\nfile");
        File.WriteAllText(_folder.At("mixed", "b.jsonl"), "{\"text\":\"line\"}\n");
        File.Copy(Fixtures.ForeignFile.Path("polars-snappy.parquet"), _folder.At("mixed", "sub", "c.parquet"));
        File.Copy(Fixtures.ForeignFile.Path("js-stream.arrow"), _folder.At("mixed", "sub", "d.arrow"));
        File.WriteAllText(_folder.At("mixed", "notes.csv"), "left out");

        Document[] documents = [.. CorpusRegistry.Open(_folder.At("mixed")).Documents(CorpusSplit.All)];

        documents.Select(document => document.Text).ShouldBe(["a whole\n\nfile", "line", .. Fixtures.ForeignFile.Texts.Where(text => text.Length > 0)]);
        documents[2].Labels["folder"].ShouldBe("sub");
    }

    private string[] Texts(string name, byte[] content, string columns = "")
    {
        File.WriteAllBytes(_folder.At(name), content);
        return [.. CorpusRegistry.Open(_folder.At(name) + columns).Documents(CorpusSplit.All).Select(document => document.Text)];
    }
}
