using Workbench.Activations;
using Workbench.Testing;

namespace Workbench.Shared.Tests.Activations;

public sealed class TableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
    }

    [Fact]
    public void Sequences_come_back_across_record_batches()
    {
        const int Count = 40_000;
        var random = new Random(1);
        int[][] tokens = [.. Enumerable.Range(0, Count).Select(_ => Enumerable.Range(0, random.Next(2, 9)).Select(_ => random.Next()).ToArray())];
        using (var writer = new SequenceTableWriter(_folder.Path))
        {
            for (int i = 0; i < Count; i++)
            {
                writer.Count.ShouldBe(i);
                writer.Add(i / 3, tokens[i], i * 10L, i % 2);
            }

            writer.Complete();
        }

        using SequenceTable table = SequenceTable.Open(_folder.At("sequences.arrow"));
        table.Count.ShouldBe(Count);
        for (int i = 0; i < Count; i += 7)
        {
            table.Tokens(i).ToArray().ShouldBe(tokens[i]);
            (table.Document(i, 1), table.FirstRow(i), table.Rows(i)).ShouldBe((i / 3, i * 10L, tokens[i].Length - (i % 2)));
            table.Kept(i).ToArray().ShouldBe(Enumerable.Range(i % 2, tokens[i].Length - (i % 2)));
        }

        Should.Throw<ArgumentOutOfRangeException>(() => table.Document(Count, 0));
    }

    [Fact]
    public void A_sequence_of_several_documents_tells_whose_each_position_is()
    {
        SequencePart[] parts = [new(7, 0), new(8, 3), new(12, 4)];
        using (var writer = new SequenceTableWriter(_folder.Path))
        {
            writer.Add(parts, [1, 2, 3, 4, 5, 6], firstRow: 0, kept: [1, 2, 5]);
            writer.Add([new SequencePart(12, 0)], [7, 8], firstRow: 3, kept: []);
            writer.Complete();
        }

        using SequenceTable table = SequenceTable.Open(_folder.At("sequences.arrow"));
        table.Parts(0).ShouldBe(parts);
        Enumerable.Range(0, 6).Select(position => table.Document(0, position)).ShouldBe([7, 7, 7, 8, 12, 12]);
        table.Kept(0).ToArray().ShouldBe([1, 2, 5]);
        PositionRun.Of(table.Kept(0)).ShouldBe([new PositionRun(1, 0, 2), new PositionRun(5, 2, 1)]);
        (table.Rows(1), PositionRun.Of(table.Kept(1)).Count).ShouldBe((0, 0));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(-1, 0)]
    [InlineData(0, 3)]
    public void Kept_positions_that_cannot_be_are_refused(int first, int second)
    {
        using (var writer = new SequenceTableWriter(_folder.Path))
        {
            writer.Add([new SequencePart(7, 0)], [1, 2, 3], firstRow: 0, kept: [first, second]);
            writer.Complete();
        }

        using SequenceTable table = SequenceTable.Open(_folder.At("sequences.arrow"));
        Should.Throw<WorkbenchException>(() => table.Kept(0).Length).Message.ShouldContain("'kept' of sequence 0");
    }

    [Fact]
    public void Documents_come_back_with_names_and_labels_in_any_script()
    {
        DocumentEntry[] documents =
        [
            new(17, "M:System.String.Trim", new Dictionary<string, string> { ["kind"] = "method", ["namespace"] = "System" }, "train", 0, 2),
            new(4, "", new Dictionary<string, string>(), "train", 2, 1),
            new(99, "名前 \"quoted\" 😀", new Dictionary<string, string> { ["ключ"] = "значение\n" }, "train", 3, 1),
        ];
        using (var writer = new DocumentTableWriter(_folder.Path))
        {
            Array.ForEach(documents, writer.Add);
            writer.Complete();
        }

        using DocumentTable table = DocumentTable.Open(_folder.At("documents.arrow"));
        table.Ids.ShouldBe([17, 4, 99]);
        foreach (DocumentEntry expected in documents)
        {
            DocumentEntry found = table.Find(expected.Id).ShouldNotBeNull();
            found.Labels.ShouldBe(expected.Labels);
            (found with { Labels = expected.Labels }).ShouldBe(expected);
        }

        table.Find(5).ShouldBeNull();
    }

    [Fact]
    public void Long_texts_come_back_whole_from_several_record_batches()
    {
        string[] texts = [.. Enumerable.Range(0, 5).Select(i => new string((char)('a' + i), 9_000_000))];
        using (var writer = new DocumentTableWriter(_folder.Path))
        {
            for (int i = 0; i < texts.Length; i++)
            {
                writer.Add(new DocumentEntry(i, "n", new Dictionary<string, string>(), "train", i, 1, texts[i]));
            }

            writer.Complete();
        }

        using DocumentTable table = DocumentTable.Open(_folder.At("documents.arrow"));
        table.Ids.ShouldBe([0, 1, 2, 3, 4]);
        table.Ids.ShouldAllBe(id => table.Find(id)!.Text == texts[id]);
    }

    [Fact]
    public void A_table_of_another_form_is_refused()
    {
        using (var writer = new DocumentTableWriter(_folder.Path))
        {
            writer.Add(new DocumentEntry(1, "a", new Dictionary<string, string>(), "train", 0, 1));
            writer.Complete();
        }

        File.Move(_folder.At("documents.arrow"), _folder.At("sequences.arrow"));
        string sentence = Should.Throw<WorkbenchException>(() => SequenceTable.Open(_folder.At("sequences.arrow"))).Message;
        sentence.ShouldContain("documents-1");
        sentence.ShouldContain("sequences-2");
    }
}
