using Workbench.Text.Corpora;

namespace Workbench.Shared.Tests.Fixtures;

/// <summary>Corpora in tables of other writers.</summary>
public sealed class ForeignTextTests
{
    public static IEnumerable<TheoryDataRow<string>> Tables => ForeignFile.Names(".parquet", ".arrow").Where(name => name != "duckdb-body.parquet").Select(name => new TheoryDataRow<string>(name));

    // Truth values in pages of version 2 are refused, see below.
    public static IEnumerable<TheoryDataRow<string>> LabelTables => Tables.Where(row => !row.Data.StartsWith("arrow-rs", StringComparison.Ordinal) || row.Data is "arrow-rs-snappy.parquet" or "arrow-rs-gzip.parquet");

    [Theory]
    [MemberData(nameof(Tables))]
    public void Texts_are_read_as_the_other_program_wrote_them(string file)
    {
        string path = ForeignFile.Path(file);

        CorpusRegistry.Records(path).Select(document => document.Text).ShouldBe(ForeignFile.Texts);

        // A corpus passes over what is empty.
        CorpusRegistry.Open(path).Documents(CorpusSplit.All).Select(document => document.Text).ShouldBe(ForeignFile.Texts.Where(text => text.Length > 0));
    }

    [Theory]
    [MemberData(nameof(LabelTables))]
    public void Labels_of_every_sort_are_texts_and_a_missing_one_is_empty(string file)
    {
        string path = ForeignFile.Path(file);
        var columns = new Dictionary<string, string[]>
        {
            ["kind"] = ForeignFile.Kinds,
            ["stars"] = ForeignFile.Stars,
            ["score"] = ForeignFile.Scores,
            ["flag"] = ForeignFile.Flags,
        };
        string sentence = Should.Throw<WorkbenchException>(() => CorpusRegistry.Records(path + "?label=none").Count()).Message;
        string[] present = [.. columns.Keys.Where(column => sentence.Contains(column, StringComparison.Ordinal))];
        present.ShouldNotBeEmpty();

        Document[] documents = [.. CorpusRegistry.Records($"{path}?{string.Join('&', present.Select(column => $"label={column}"))}")];

        foreach (string column in present)
        {
            documents.Select(document => document.Labels[column]).ShouldBe(columns[column], column);
        }
    }

    [Theory]
    [InlineData("arrow-rs-snappy.parquet", "meta", "struct")]
    [InlineData("duckdb-snappy.parquet", "meta", "struct")]
    [InlineData("duckdb-snappy.parquet", "list", "list")]
    [InlineData("duckdb-snappy.parquet", "day", "DateTime")]
    [InlineData("polars-snappy.parquet", "emb", "list")]
    [InlineData("js.arrow", "meta", "struct")]
    [InlineData("js-stream.arrow", "emb", "fixed_size_list")]
    public void A_column_that_is_no_text_is_refused_by_name_and_type(string file, string column, string type)
    {
        foreach (string use in new[] { $"?text={column}", $"?label={column}" })
        {
            string sentence = Should.Throw<WorkbenchException>(() => CorpusRegistry.Records(ForeignFile.Path(file) + use).Count()).Message;
            sentence.ShouldStartWith(ForeignFile.Path(file));
            sentence.ShouldContain($"column '{column}' holds {type}");
        }
    }

    [Theory]
    [InlineData("arrow-rs-zstd.parquet")]
    [InlineData("arrow-rs-brotli.parquet")]
    [InlineData("arrow-rs-uncompressed.parquet")]
    public void An_encoding_that_is_not_read_is_refused_by_column(string file)
    {
        Should.Throw<WorkbenchException>(() => CorpusRegistry.Records(ForeignFile.Path(file) + "?label=flag").Count()).Message
            .ShouldContain("column 'flag' cannot be decoded");
        CorpusRegistry.Records(ForeignFile.Path(file) + "?label=stars&label=score").Select(document => document.Labels["score"]).ShouldBe(ForeignFile.Scores);
    }

    [Fact]
    public void A_table_without_a_text_column_lists_what_it_has()
    {
        Should.Throw<WorkbenchException>(() => CorpusRegistry.Open(ForeignFile.Path("duckdb-body.parquet"))).Message
            .ShouldBe($"{ForeignFile.Path("duckdb-body.parquet")} has no column 'text'; it has body, stars: name the columns by ?text=COLUMN&label=COLUMN.");
        CorpusRegistry.Records(ForeignFile.Path("duckdb-body.parquet") + "?text=body&label=stars").Select(document => document.Labels["stars"]).ShouldBe(ForeignFile.Stars);
    }

    [Fact]
    public void A_data_set_saved_in_several_streams_is_one_corpus_in_the_order_of_its_state()
    {
        ICorpus corpus = CorpusRegistry.Open(ForeignFile.Path("saved") + "?label=stars");

        Document[] documents = [.. corpus.Documents(CorpusSplit.All)];
        documents.Select(document => document.Text).ShouldBe(ForeignFile.Texts.Where(text => text.Length > 0));
        documents.Select(document => document.Labels["stars"]).ShouldBe(ForeignFile.Stars.Where((_, row) => ForeignFile.Texts[row].Length > 0));
    }
}
