using Workbench.Activations.Vectors;
using Workbench.Models.Weights.Npz;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Fixtures;

/// <summary>Vectors in files of other writers.</summary>
public sealed class ForeignVectorTests
{
    public static IEnumerable<TheoryDataRow<string, string>> Columns =>
    [
        .. new[] { "arrow-rs-snappy.parquet", "arrow-rs-gzip.parquet" }.SelectMany(name => new[] { (name, "emb"), (name, "emb64") }).Select(Row),
        .. ForeignFile.Names(".parquet").Where(name => name.StartsWith("duckdb", StringComparison.Ordinal) && name != "duckdb-body.parquet").SelectMany(name => new[] { (name, "emb"), (name, "list") }).Select(Row),
        .. ForeignFile.Names(".parquet", ".arrow").Where(name => name.StartsWith("polars", StringComparison.Ordinal)).Select(name => Row((name, "emb"))),
        .. new[] { "js.arrow", "js-stream.arrow" }.SelectMany(name => new[] { (name, "emb"), (name, "emb16"), (name, "emb64") }).Select(Row),
    ];

    [Theory]
    [MemberData(nameof(Columns))]
    public void Columns_of_lists_are_read_from_any_row_on(string file, string column)
    {
        using IVectorSource source = VectorFiles.Open(ForeignFile.Path(file), column);

        (source.Rows, source.Width, source.Positions).ShouldBe((7, ForeignFile.Width, 1));
        for (int row = 0; row <= source.Rows; row++)
        {
            Read(source, row).ShouldBe(ForeignFile.Vectors[(row * ForeignFile.Width)..]);
        }
    }

    [Theory]
    [InlineData("v1.npy", null)]
    [InlineData("v2.npy", null)]
    [InlineData("v3.npy", null)]
    [InlineData("fortran.npy", null)]
    [InlineData("big-endian.npy", null)]
    [InlineData("big-endian-fortran.npy", null)]
    [InlineData("big-endian-float16.npy", null)]
    [InlineData("float16.npy", null)]
    [InlineData("float64.npy", null)]
    [InlineData("stored.npz", null)]
    [InlineData("deflated.npz", "vectors")]
    [InlineData("deflated.npz", "big")]
    public void Arrays_of_NumPy_are_read_from_any_row_on(string file, string? array)
    {
        using IVectorSource source = VectorFiles.Open(ForeignFile.Path(file), array);

        (source.Rows, source.Width, source.Positions).ShouldBe((7, ForeignFile.Width, 1));
        for (int row = 0; row <= source.Rows; row++)
        {
            Read(source, row).ShouldBe(ForeignFile.Vectors[(row * ForeignFile.Width)..]);
        }
    }

    [Fact]
    public void A_whole_array_of_an_archive_comes_in_this_machines_order()
    {
        using NpzFile file = NpzFile.Open(ForeignFile.Path("deflated.npz"));
        using NpzFile columns = NpzFile.Open(ForeignFile.Path("fortran.npz"));
        using Tensor big = file.Read("big");
        using Tensor turned = columns.Read("vectors");

        big.data<double>().ToArray().ShouldBe(ForeignFile.Vectors.Select(value => (double)value));
        turned.data<float>().ToArray().ShouldBe(ForeignFile.Vectors);
    }

    [Fact]
    public void An_array_of_three_sizes_is_one_of_sequences()
    {
        using IVectorSource source = VectorFiles.Open(ForeignFile.Path("deep.npy"));

        (source.Rows, source.Width, source.Positions).ShouldBe((6, ForeignFile.Width, 2));
        Read(source, 2).ShouldBe(Enumerable.Range(8, 16).Select(i => i / 8f));
    }

    [Theory]
    [InlineData("ids.npy", null)]
    [InlineData("ids-big-endian.npy", null)]
    [InlineData("stored.npz", "ids")]
    [InlineData("deflated.npz", "ids")]
    public void Token_ids_are_read_in_order(string file, string? array)
    {
        using TokenReader tokens = TokenReader.Open(ForeignFile.Path(file), array, 7);

        int[] ids = new int[7];
        tokens.Read(ids.AsSpan(0, 3));
        tokens.Read(ids.AsSpan(3));
        ids.ShouldBe([0, 10, 20, 30, 40, 50, 60]);
    }

    [Theory]
    [InlineData("bfloat16.npy", "has numbers of type '|V2', bytes whose meaning NumPy does not store")]
    [InlineData("complex.npy", "has numbers of type '<c8'")]
    [InlineData("objects.npy", "has numbers of type '|O', Python objects in a pickle, which is never run")]
    [InlineData("records.npy", "holds records of several fields")]
    [InlineData("fortran-deep.npy", "is stored in column order, with more than two sizes; save it by numpy.ascontiguousarray")]
    [InlineData("fortran.npz", "array 'vectors' is stored in column order, compressed or in an archive; save it by numpy.ascontiguousarray")]
    [InlineData("scalar.npy", "holds array Float32 []; expected one array of floating-point numbers")]
    [InlineData("ids.npy", "holds array Int64 [7]; expected one array of floating-point numbers")]
    [InlineData("js.arrow", "has several columns of lists of numbers (it has text (utf8), stars (int32), score (double), flag (bool), meta (struct), emb (fixed_size_list), emb16 (fixed_size_list), emb64 (list), ids (list)); name one by --array")]
    public void What_cannot_be_read_is_refused_by_name_and_type(string file, string reason)
    {
        string sentence = Should.Throw<WorkbenchException>(() =>
        {
            using IVectorSource source = VectorFiles.Open(ForeignFile.Path(file));
            Read(source, 0);
        }).Message;
        sentence.ShouldStartWith(ForeignFile.Path(file));
        sentence.ShouldContain(reason);
    }

    [Theory]
    [InlineData("js.arrow", "ids", "column 'ids' holds lists of int32; expected floating-point numbers")]
    [InlineData("arrow-rs-zstd.parquet", "emb", "column 'emb' cannot be decoded (The method or operation is not implemented); fetch the file again, or write it with data pages of version 1")]
    [InlineData("duckdb-snappy.parquet", "ids", "has no column 'ids' of lists of floating-point numbers")]
    [InlineData("duckdb-snappy.parquet", "text", "has no column 'text' of lists of floating-point numbers")]
    public void A_column_of_another_sort_is_refused_by_name(string file, string column, string reason)
    {
        Should.Throw<WorkbenchException>(() =>
        {
            using IVectorSource source = VectorFiles.Open(ForeignFile.Path(file), column);
            Read(source, 0);
        }).Message.ShouldContain(reason);
    }

    [Fact]
    public void Unsigned_token_ids_say_how_to_save_them()
    {
        Should.Throw<WorkbenchException>(() => TokenReader.Open(ForeignFile.Path("unsigned.npy"), null, 7)).Message
            .ShouldContain("has numbers of type '<u2', unsigned numbers (save them by astype('int64'))");
    }

    private static TheoryDataRow<string, string> Row((string File, string Column) of)
    {
        return new TheoryDataRow<string, string>(of.File, of.Column);
    }

    private static float[] Read(IVectorSource source, long firstRow)
    {
        var values = new List<float>();
        foreach (Tensor part in source.Parts(firstRow))
        {
            using (part)
            {
                values.AddRange(part.data<float>().ToArray());
            }
        }

        return [.. values];
    }
}
