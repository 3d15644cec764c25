using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Parquet;
using Parquet.Schema;
using TorchSharp;
using Workbench.Activations.Vectors;
using Workbench.Models.Weights;
using Workbench.Models.Weights.Npz;
using Workbench.Testing;
using static TorchSharp.torch;
using Field = Apache.Arrow.Field;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Activations;

/// <summary>The same ten vectors in every sort of file.</summary>
public sealed class VectorFilesTests : IDisposable
{
    private const int Rows = 10;
    private const int Width = 3;

    private static readonly float[] s_values = [.. Enumerable.Range(0, Rows * Width).Select(i => (i * 0.5f) - 3)];

    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
    }

    [Theory]
    [InlineData("v.npy")]
    [InlineData("v.npz")]
    [InlineData("v.safetensors")]
    [InlineData("v.parquet")]
    [InlineData("v.arrow")]
    public void Vectors_are_read_as_they_were_written(string file)
    {
        using IVectorSource source = VectorFiles.Open(Write(file));

        (source.Rows, source.Width, source.Positions).ShouldBe((Rows, Width, 1));
        Read(source).ShouldBe(s_values);
    }

    [Fact]
    public void An_array_of_sequences_says_how_many_positions_each_has()
    {
        string path = _folder.At("v.npy");
        WriteNpy(path, ScalarType.Float32, [5, 2, Width]);

        using IVectorSource source = VectorFiles.Open(path);

        (source.Rows, source.Width, source.Positions).ShouldBe((Rows, Width, 2));
        Read(source).ShouldBe(s_values);
    }

    [Theory]
    [InlineData("v.npy")]
    [InlineData("v.npz")]
    [InlineData("v.safetensors")]
    [InlineData("v.parquet")]
    [InlineData("v.arrow")]
    public void A_file_that_is_cut_short_is_refused_by_name(string file)
    {
        string path = Write(file);
        byte[] whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, whole[..(whole.Length * 2 / 3)]);

        Should.Throw<WorkbenchException>(() =>
        {
            using IVectorSource source = VectorFiles.Open(path);
            Read(source);
        }).Message.ShouldContain(path);
    }

    [Theory]
    [InlineData("v.npy")]
    [InlineData("v.npz")]
    [InlineData("v.safetensors")]
    [InlineData("v.parquet")]
    [InlineData("v.arrow")]
    public void Reading_may_begin_at_any_row_and_files_of_one_kind_follow_each_other(string file)
    {
        string path = Write(file);
        string second = _folder.At("second" + Path.GetExtension(file));
        File.Copy(path, second);
        using IVectorSource source = VectorFiles.Open([path, second]);

        (source.Rows, source.Width, source.Positions).ShouldBe((2 * Rows, Width, 1));
        float[] all = [.. s_values, .. s_values];
        for (int row = 0; row <= 2 * Rows; row++)
        {
            Read(source, row).ShouldBe(all[(row * Width)..]);
        }
    }

    [Fact]
    public void Files_of_several_kinds_or_widths_are_refused_and_a_folder_gives_its_files_by_name()
    {
        string array = Write("v.npy");
        string wider = _folder.At("u.npy");
        WriteNpy(wider, ScalarType.Float32, [5, 2 * Width]);

        Should.Throw<WorkbenchException>(() => VectorFiles.Open([array, wider])).Message.ShouldBe($"{wider} has vectors of 6 where {array} has vectors of 3; import them by themselves.");
        Should.Throw<UsageException>(() => VectorFiles.Open([array, Write("v.npz")])).Message.ShouldContain("of different kinds");
        File.WriteAllText(_folder.At("notes.txt"), "none of them");
        VectorFiles.Expand([_folder.Path]).ShouldBe([wider, array, _folder.At("v.npz")]);
        Should.Throw<WorkbenchException>(() => VectorFiles.Expand([_folder.At("absent")])).Message.ShouldContain("absent does not exist");
    }

    [Fact]
    public async Task Lists_of_uneven_length_are_refused_by_row()
    {
        string path = _folder.At("uneven.parquet");
        await WriteParquet(path, repetition: [0, 1, 1, 0, 1, 0, 1, 1, 1]);

        Should.Throw<WorkbenchException>(() =>
        {
            using IVectorSource source = VectorFiles.Open(path);
            Read(source);
        }).Message.ShouldContain("row 1");
    }

    [Fact]
    public void Numbers_of_another_sort_and_names_that_are_not_there_are_refused()
    {
        string path = _folder.At("ids.npy");
        File.WriteAllBytes(path, [.. NpyHeader.Write(ScalarType.Int64, [2, 2]), .. new byte[32]]);

        Should.Throw<WorkbenchException>(() => VectorFiles.Open(path)).Message.ShouldContain("Int64 [2, 2]");
        Should.Throw<WorkbenchException>(() => VectorFiles.Open(Write("v.safetensors"), "w")).Message.ShouldContain("'w'");
        Should.Throw<WorkbenchException>(() => VectorFiles.Open(Write("v.arrow"), "w")).Message.ShouldContain("'w'");
    }

    [Fact]
    public void Token_ids_must_be_one_for_each_vector()
    {
        string path = _folder.At("tokens.npy");
        File.WriteAllBytes(path, [.. NpyHeader.Write(ScalarType.Int32, [2, 2]), .. System.Runtime.InteropServices.MemoryMarshal.AsBytes<int>([7, 8, 9, 10])]);

        int[] ids = new int[3];
        using (TokenReader tokens = TokenReader.Open(path, null, 4))
        {
            tokens.Read(ids.AsSpan(0, 1));
            tokens.Read(ids);
        }

        ids.ShouldBe([8, 9, 10]);
        Should.Throw<WorkbenchException>(() => TokenReader.Open(path, null, 5)).Message.ShouldContain("expected 5 whole numbers");
    }

    private static float[] Read(IVectorSource source, long firstRow = 0)
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

    private string Write(string file)
    {
        string path = _folder.At(file);
        using Tensor vectors = tensor(s_values, [Rows, Width]);
        switch (Path.GetExtension(file))
        {
            case ".npy":
                WriteNpy(path, ScalarType.Float32, [Rows, Width]);
                break;
            case ".npz":
                using (FileStream stream = File.Create(path))
                using (var archive = new System.IO.Compression.ZipArchive(stream, System.IO.Compression.ZipArchiveMode.Create))
                using (Stream entry = archive.CreateEntry("v.npy").Open())
                {
                    entry.Write(NpyHeader.Write(ScalarType.Float32, [Rows, Width]));
                    entry.Write(vectors.bytes);
                }

                break;
            case ".safetensors":
                using (FileStream stream = File.Create(path))
                {
                    SafetensorsWriter.Write(stream, [("v", vectors)], new Dictionary<string, string>());
                }

                break;
            case ".parquet":
                WriteParquet(path, [.. Enumerable.Range(0, Rows * Width).Select(i => i % Width == 0 ? 0 : 1)]).GetAwaiter().GetResult();
                break;
            default:
                WriteArrow(path);
                break;
        }

        return path;
    }

    private static void WriteNpy(string path, ScalarType type, long[] shape)
    {
        using Tensor vectors = tensor(s_values);
        File.WriteAllBytes(path, [.. NpyHeader.Write(type, shape), .. vectors.bytes]);
    }

    private static async Task WriteParquet(string path, int[] repetition)
    {
        var item = new DataField<float>("element", false);
        var list = new ListField("v", item);
        var schema = new ParquetSchema(new DataField<long>("id"), list);
        int rows = repetition.Count(level => level == 0);
        await using FileStream file = File.Create(path);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(schema, file);
        using ParquetRowGroupWriter group = writer.CreateRowGroup();
        await group.WriteAsync<long>((DataField)schema[0], Enumerable.Range(0, rows).Select(i => (long)i).ToArray().AsMemory());
        int[] present = new int[repetition.Length];
        System.Array.Fill(present, item.MaxDefinitionLevel);
        await group.WriteAllPartsAsync<float>(item, s_values.AsMemory(0, repetition.Length), present, repetition, CancellationToken.None);
    }

    private static void WriteArrow(string path)
    {
        var type = new FixedSizeListType(new Field("item", FloatType.Default, nullable: false), Width);
        Schema schema = new Schema.Builder().Field(new Field("id", Int64Type.Default, nullable: false)).Field(new Field("v", type, nullable: false)).Build();
        var items = new FloatArray.Builder().AppendRange(s_values).Build();
        using FileStream file = File.Create(path);
        using var writer = new ArrowFileWriter(file, schema);
        using var batch = new RecordBatch(
            schema,
            [
                new Int64Array.Builder().AppendRange(Enumerable.Range(0, Rows).Select(i => (long)i)).Build(),
                new FixedSizeListArray(type, Rows, items, ArrowBuffer.Empty, 0, 0),
            ],
            Rows);
        writer.WriteRecordBatch(batch);
        writer.WriteEnd();
    }
}
