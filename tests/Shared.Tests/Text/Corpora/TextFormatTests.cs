using System.IO.Compression;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Parquet;
using Parquet.Schema;
using Workbench.Testing;
using Workbench.Text.Corpora;
using ZstdSharp;
using Field = Apache.Arrow.Field;

namespace Workbench.Shared.Tests.Text.Corpora;

/// <summary>The same three reviews in every sort of file.</summary>
public sealed class TextFormatTests : IDisposable
{
    private static readonly string[] s_bodies = ["It works.", "It broke on day two; größer wäre besser.", "No opinion."];
    private static readonly long[] s_stars = [5, 1, 3];

    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
    }

    [Theory]
    [InlineData("reviews.jsonl")]
    [InlineData("reviews.jsonl.gz")]
    [InlineData("reviews.jsonl.zst")]
    [InlineData("reviews.parquet")]
    [InlineData("reviews.arrow")]
    [InlineData("stream.arrow")]
    public void Text_name_and_labels_come_from_the_columns_that_are_named(string file)
    {
        ICorpus corpus = CorpusRegistry.Open($"{Write(file)}?text=body&name=product&label=stars&label=product");

        Document[] documents = [.. corpus.Documents(CorpusSplit.All)];
        documents.Select(document => document.Text).ShouldBe(s_bodies);
        documents.Select(document => document.Name).ShouldBe(["p0", "p1", "p2"]);
        documents.Select(document => document.Labels["stars"]).ShouldBe(["5", "1", "3"]);
        documents.Select(document => document.Labels["product"]).ShouldBe(["p0", "p1", "p2"]);
        documents.Select(document => document.Id).ShouldBe([0, 1, 2]);
        corpus.LabelNames.ShouldBe(["stars", "product"]);
    }

    [Theory]
    [InlineData("reviews.jsonl")]
    [InlineData("reviews.parquet")]
    [InlineData("reviews.arrow")]
    public void A_column_that_is_not_there_is_named(string file)
    {
        string path = Write(file);

        Should.Throw<WorkbenchException>(() => CorpusRegistry.Open(path)).Message.ShouldContain("text");
        Should.Throw<WorkbenchException>(() => CorpusRegistry.Open(path + "?text=body&label=colour")).Message.ShouldContain("colour");
    }

    [Theory]
    [InlineData("reviews.jsonl.gz")]
    [InlineData("reviews.jsonl.zst")]
    [InlineData("reviews.parquet")]
    [InlineData("reviews.arrow")]
    [InlineData("stream.arrow")]
    public void A_file_that_is_cut_short_is_refused_by_name(string file)
    {
        string path = Write(file);
        byte[] whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, whole[..(whole.Length / 2)]);

        Should.Throw<WorkbenchException>(() => CorpusRegistry.Open(path + "?text=body").Documents(CorpusSplit.All).Count()).Message.ShouldContain(path);
    }

    [Fact]
    public void A_saved_data_set_is_read_in_the_order_of_its_state_and_by_split()
    {
        string train = _folder.At("set", "train");
        Directory.CreateDirectory(train);
        File.Move(Write("stream.arrow"), Path.Combine(train, "data-00001-of-00002.arrow"));
        WriteArrow(Path.Combine(train, "data-00000-of-00002.arrow"), ["A first shard."], [4], asFile: false);
        File.WriteAllText(Path.Combine(train, "state.json"), """{"_data_files":[{"filename":"data-00000-of-00002.arrow"},{"filename":"data-00001-of-00002.arrow"}],"_split":"train"}""");
        File.WriteAllText(_folder.At("set", "dataset_dict.json"), """{"splits":["train"]}""");

        CorpusRegistry.Open(_folder.At("set") + "?text=body").Documents(CorpusSplit.All).Select(document => document.Text).ShouldBe(["A first shard.", .. s_bodies]);
        Should.Throw<WorkbenchException>(() => CorpusRegistry.Open(_folder.At("set") + "?text=body&split=test")).Message.ShouldContain("it has train");
    }

    [Fact]
    public void A_folder_gives_its_files_in_order_with_the_subfolder_as_label()
    {
        Directory.CreateDirectory(_folder.At("all", "b"));
        Directory.CreateDirectory(_folder.At("all", "a", "deep"));
        File.WriteAllText(_folder.At("all", "b", "one.txt"), "One text.\n\nStill the same document.");
        File.WriteAllText(_folder.At("all", "a", "deep", "two.md"), "Another text.");
        File.WriteAllBytes(_folder.At("all", "a", "picture.png"), [1, 2]);

        Document[] documents = [.. CorpusRegistry.Open(_folder.At("all")).Documents(CorpusSplit.All)];

        documents.Select(document => document.Name).ShouldBe(["two.md", "one.txt"]);
        documents.Select(document => document.Labels["folder"]).ShouldBe(["a/deep", "b"]);
        documents[1].Text.ShouldBe("One text.\n\nStill the same document.");
    }

    [Fact]
    public void Repeats_are_dropped_and_the_splits_part_the_corpus()
    {
        string path = _folder.At("many.jsonl");
        File.WriteAllLines(path, Enumerable.Range(0, 2000).Select(i => $$"""{"text":"text number {{i % 1000}}"}"""));
        ICorpus corpus = CorpusRegistry.Open(path);

        long[] held = [.. corpus.Documents(CorpusSplit.HeldOut).Select(document => document.Id)];
        long[] train = [.. corpus.Documents(CorpusSplit.Train).Select(document => document.Id)];

        corpus.Documents(CorpusSplit.All).Count().ShouldBe(1000);
        held.Length.ShouldBeInRange(20, 90);
        held.Concat(train).Order().ShouldBe(Enumerable.Range(0, 1000).Select(i => (long)i));
    }

    [Fact]
    public void A_long_file_is_read_as_far_as_it_is_asked_for()
    {
        string path = _folder.At("broken-late.jsonl");
        File.WriteAllLines(path, [.. Enumerable.Range(0, 50_000).Select(i => $$"""{"text":"text number {{i}}"}"""), "{broken"]);

        CorpusRegistry.Open(path).Documents(CorpusSplit.All).Take(10).Count().ShouldBe(10);
    }

    [Fact]
    public void Hashes_follow_content_and_columns()
    {
        string path = Write("reviews.jsonl");

        string hash = CorpusRegistry.Open(path + "?text=body").Hash;

        CorpusRegistry.Open(path + "?text=body").Hash.ShouldBe(hash);
        CorpusRegistry.Open(path + "?text=body&label=stars").Hash.ShouldNotBe(hash);
        CorpusRegistry.Open(path + "?text=product").Hash.ShouldNotBe(hash);
        File.AppendAllText(path, "\n");
        CorpusRegistry.Open(path + "?text=body").Hash.ShouldNotBe(hash);
    }

    [Theory]
    [InlineData("a.jsonl?body")]
    [InlineData("a.jsonl?text=")]
    [InlineData("a.jsonl?text=a&text=b")]
    [InlineData("a.docx")]
    public void A_specification_of_another_form_is_wrong_usage(string specification)
    {
        Should.Throw<UsageException>(() => CorpusRegistry.Open(specification)).Message.ShouldContain(specification);
    }

    private string Write(string file)
    {
        string path = _folder.At(file);
        string json = string.Concat(s_bodies.Select((body, i) => $$"""{"body":"{{body}}","stars":{{s_stars[i]}},"product":"p{{i}}"}""" + "\n"));
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(json);
        switch (file[file.IndexOf('.', StringComparison.Ordinal)..])
        {
            case ".jsonl":
                File.WriteAllBytes(path, bytes);
                break;
            case ".jsonl.gz":
                using (var gzip = new GZipStream(File.Create(path), CompressionLevel.Optimal))
                {
                    gzip.Write(bytes);
                }

                break;
            case ".jsonl.zst":
                using (var zstd = new CompressionStream(File.Create(path), leaveOpen: false))
                {
                    zstd.Write(bytes);
                }

                break;
            case ".parquet":
                WriteParquet(path).GetAwaiter().GetResult();
                break;
            default:
                WriteArrow(path, s_bodies, s_stars, asFile: file == "reviews.arrow");
                break;
        }

        return path;
    }

    private static async Task WriteParquet(string path)
    {
        var body = new DataField<string>("body");
        var stars = new DataField<long>("stars");
        var product = new DataField<string>("product");
        await using FileStream file = File.Create(path);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(body, stars, product), file);
        foreach (Range part in new[] { 0..2, 2..3 })
        {
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await group.WriteAsync(body, s_bodies[part]);
            await group.WriteAsync<long>(stars, s_stars[part].AsMemory());
            await group.WriteAsync(product, new[] { "p0", "p1", "p2" }[part]);
        }
    }

    private static void WriteArrow(string path, string[] bodies, long[] stars, bool asFile)
    {
        Schema schema = new Schema.Builder()
            .Field(new Field("body", StringType.Default, nullable: false))
            .Field(new Field("stars", Int64Type.Default, nullable: false))
            .Field(new Field("product", StringType.Default, nullable: false))
            .Build();
        using FileStream file = File.Create(path);
        using ArrowStreamWriter writer = asFile ? new ArrowFileWriter(file, schema) : new ArrowStreamWriter(file, schema);
        using var batch = new RecordBatch(
            schema,
            [
                new StringArray.Builder().AppendRange(bodies).Build(),
                new Int64Array.Builder().AppendRange(stars).Build(),
                new StringArray.Builder().AppendRange(bodies.Select((_, i) => $"p{i}")).Build(),
            ],
            bodies.Length);
        writer.WriteRecordBatch(batch);
        writer.WriteEnd();
    }
}
