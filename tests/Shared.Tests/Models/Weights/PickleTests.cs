using System.IO.Compression;
using System.Runtime.InteropServices;
using TorchSharp;
using Workbench.Models.Weights.Pickle;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Models.Weights;

public sealed class PickleTests : IDisposable
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("pickle").FullName, "ae.pt");

    [Fact]
    public void Plain_values_are_read_as_they_stand()
    {
        byte[] pickle = new PickleBytes().Op('}').Op('(')
            .Text("list").Op(']').Op('(').Whole(-3).Op((byte)'K', 200).Op((byte)'M', 1, 2).Op('e')
            .Text("tuple").Op((byte)'N', 0x88, 0x89, 0x87)
            .Text("real").Op((byte)'G', 0x3f, 0xf8, 0, 0, 0, 0, 0, 0)
            .Text("long").Op(0x8a, 3, 0, 0, 0x80)
            .Op('u').Stop();

        var root = (PickleDictionary)Read(pickle)!;

        root["list"].ShouldBeOfType<List<object?>>().ShouldBe([-3L, 200L, 513L]);
        root["tuple"].ShouldBeOfType<object?[]>().ShouldBe([null, true, false]);
        root["real"].ShouldBe(1.5);
        root["long"].ShouldBe(-8388608L);
    }

    [Fact]
    public void Protocol_4_with_frames_memos_and_global_names_on_the_stack_is_read()
    {
        byte[] name(string text) => [0x8c, (byte)text.Length, .. System.Text.Encoding.ASCII.GetBytes(text)];
        byte[] pickle =
        [
            0x80, 4, 0x95, 60, 0, 0, 0, 0, 0, 0, 0, .. name("collections"), 0x94, .. name("OrderedDict"), 0x94, 0x93, 0x94, (byte)')', (byte)'R', 0x94,
            .. name("again"), (byte)'h', 1, (byte)'s', (byte)'.',
        ];

        var root = (PickleDictionary)Read(pickle)!;

        root.IsOrdered.ShouldBeTrue();
        root["again"].ShouldBe("OrderedDict");
    }

    [Fact]
    public void A_tensor_is_read_by_its_offset_and_strides()
    {
        float[] numbers = [.. Enumerable.Range(0, 8).Select(i => (float)i)];
        PickleBytes.Save(_path, new PickleBytes().Tensor("0", 8, 2, [2, 3], [1, 2]).Stop(), ("0", MemoryMarshal.AsBytes<float>(numbers).ToArray()));

        using TorchFile file = TorchFile.Open(_path);
        using Tensor read = file.Read((TorchTensor)file.Root!, "w");

        read.data<float>().ToArray().ShouldBe([2, 4, 6, 3, 5, 7]);
    }

    [Theory]
    [InlineData(8, 0, 3, 3, 3, 1)]
    [InlineData(8, 1, 2, 4, 4, 1)]
    [InlineData(8, 0, 2, 2, 7, 1)]
    [InlineData(9, 0, 3, 3, 3, 1)]
    [InlineData(long.MaxValue, 0, 1L << 40, 1L << 40, 1, 1)]
    [InlineData(8, 0, 1L << 40, 2, 0, 0)]
    [InlineData(8, 0, 2, 2, long.MaxValue, long.MaxValue)]
    [InlineData(8, long.MaxValue, 2, 2, 2, 1)]
    public void A_tensor_that_needs_more_than_its_storage_has_is_refused_by_its_name(long storage, long offset, long rows, long columns, long rowStride, long columnStride)
    {
        PickleBytes.Save(_path, new PickleBytes().Tensor("0", storage, offset, [rows, columns], [rowStride, columnStride]).Stop(), ("0", new byte[32]));
        using TorchFile file = TorchFile.Open(_path);

        string message = Should.Throw<WorkbenchException>(() => file.Read((TorchTensor)file.Root!, "encoder.weight")).Message;

        message.ShouldContain("encoder.weight");
        message.ShouldContain("storage");
    }

    [Theory]
    [InlineData("posix", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("torch", "load")]
    [InlineData("collections", "defaultdict")]
    [InlineData("torch._utils", "_rebuild_tensor_v3")]
    public void A_global_that_is_not_on_the_list_is_refused_by_its_name(string module, string name)
    {
        string refusal = Refusal(new PickleBytes().Global(module, name).Text("touch /tmp/run").Op(0x85).Op('R').Stop());

        refusal.ShouldContain($"{module}.{name}");
    }

    [Theory]
    [InlineData((byte)'i', "INST")]
    [InlineData((byte)'o', "OBJ")]
    [InlineData((byte)'P', "PERSID")]
    [InlineData((byte)'I', "INT")]
    [InlineData((byte)'B', "BINBYTES")]
    [InlineData((byte)0x81, "NEWOBJ")]
    [InlineData((byte)0x82, "EXT1")]
    [InlineData((byte)0x8f, "EMPTY_SET")]
    [InlineData((byte)0x92, "NEWOBJ_EX")]
    [InlineData((byte)0x97, "NEXT_BUFFER")]
    [InlineData((byte)0xff, "0xff")]
    public void An_opcode_that_tensors_do_not_need_is_refused_by_its_name(byte opcode, string name)
    {
        Refusal(new PickleBytes().Op('}').Op(opcode).Op(0, 0, 0, 0).Stop()).ShouldContain(name);
    }

    [Fact]
    public void Huge_counts_are_refused_before_anything_is_made_of_them()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();

        Refusal([0x80, 2, (byte)'X', 0xff, 0xff, 0xff, 0x7f]).ShouldContain("claimed");
        Refusal([0x80, 4, 0x8d, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]).ShouldContain("claimed");
        Refusal([0x80, 4, 0x8d, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]).ShouldContain("claimed");
        Refusal([0x80, 2, 0x8b, 0xff, 0xff, 0xff, 0x7f]).ShouldContain("whole number");
        Refusal([0x80, 2, (byte)'N', (byte)'r', 0xff, 0xff, 0xff, 0xff, (byte)'j', 0xfe, 0xff, 0xff, 0xff, (byte)'.']).ShouldContain("memo");

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
    }

    [Fact]
    public void Deep_nesting_costs_no_stack()
    {
        byte[] nested = [0x80, 2, .. Enumerable.Repeat((byte)']', 400_000), .. Enumerable.Repeat((byte)'a', 399_999), (byte)'.'];

        Read(nested).ShouldBeOfType<List<object?>>().Count.ShouldBe(1);
    }

    [Fact]
    public void A_list_that_holds_itself_is_read_once()
    {
        var list = (List<object?>)Read([0x80, 2, (byte)']', (byte)'q', 0, (byte)'h', 0, (byte)'a', (byte)'.'])!;

        list[0].ShouldBeSameAs(list);
    }

    [Fact]
    public void Lists_that_double_through_the_memo_stay_shared()
    {
        // Each list holds the one before it twice: written out, the last would have 2^199 parts.
        var pickle = new PickleBytes().Op(']').Op((byte)'q', 0).Op('0');
        for (byte level = 1; level < 200; level++)
        {
            pickle.Op(']').Op((byte)'q', level).Op((byte)'h', (byte)(level - 1)).Op('a').Op((byte)'h', (byte)(level - 1)).Op('a').Op('0');
        }

        var list = (List<object?>)Read(pickle.Op((byte)'h', 199).Stop())!;

        list.Count.ShouldBe(2);
        list[0].ShouldBeSameAs(list[1]);
    }

    [Fact]
    public void More_operations_than_a_file_of_tensors_has_are_refused()
    {
        byte[] flood = [0x80, 2, (byte)']', .. Enumerable.Repeat(new byte[] { (byte)'N', (byte)'0' }, 600_000).SelectMany(pair => pair), (byte)'.'];

        Refusal(flood).ShouldContain("operations");
    }

    [Theory]
    [InlineData(new byte[] { 0x80, 2, (byte)'a', (byte)'.' }, "missing")]
    [InlineData(new byte[] { 0x80, 2, (byte)'u', (byte)'.' }, "missing")]
    [InlineData(new byte[] { 0x80, 2, (byte)'t', (byte)'.' }, "MARK")]
    [InlineData(new byte[] { 0x80, 2, (byte)'(', (byte)'.' }, "open")]
    [InlineData(new byte[] { 0x80, 2, (byte)'N' }, "left")]
    [InlineData(new byte[] { 0x80, 1, (byte)'N', (byte)'.' }, "protocol 1")]
    [InlineData(new byte[] { 0x80, 2, (byte)'N', (byte)'N', (byte)'R', (byte)'.' }, "REDUCE")]
    [InlineData(new byte[] { 0x80, 2, (byte)'}', (byte)'}', (byte)'b', (byte)'.' }, "BUILD")]
    [InlineData(new byte[] { 0x80, 2, (byte)'}', (byte)']', (byte)'N', (byte)'s', (byte)'.' }, "key")]
    [InlineData(new byte[] { 0x80, 2, (byte)'N', (byte)'Q', (byte)'.' }, "persistent")]
    public void Pickles_that_do_not_add_up_are_refused(byte[] pickle, string named)
    {
        Refusal(pickle).ShouldContain(named);
    }

    [Fact]
    public void A_compressed_storage_is_refused()
    {
        using (var archive = new ZipArchive(File.Create(_path), ZipArchiveMode.Create))
        {
            PickleBytes.Add(archive, "ae/data.pkl", new PickleBytes().Tensor("0", 1 << 20, 0, [1 << 20], [1]).Stop(), CompressionLevel.NoCompression);
            PickleBytes.Add(archive, "ae/data/0", new byte[4 << 20], CompressionLevel.SmallestSize);
        }

        using TorchFile file = TorchFile.Open(_path);

        Should.Throw<WorkbenchException>(() => file.Read((TorchTensor)file.Root!, "w")).Message.ShouldContain("compressed");
    }

    [Fact]
    public void What_is_written_is_read_back_with_types_and_strides()
    {
        using var scope = NewDisposeScope();
        Tensor matrix = randn(3, 5);
        var root = new PickleDictionary { IsOrdered = true, Attributes = new PickleDictionary { ["_metadata"] = new PickleDictionary { ["version"] = 1L } } };
        root["w"] = matrix.t();
        root["n"] = tensor(7, ScalarType.Int32);
        root["b"] = ones(4).to(ScalarType.BFloat16);
        root["list"] = new List<object?> { 1L, "two", 2.5, null, true, long.MinValue };
        using (FileStream file = File.Create(_path))
        {
            TorchFileWriter.Write(file, "ae", root);
        }

        using TorchFile read = TorchFile.Open(_path);

        var found = (PickleDictionary)read.Root!;
        found.IsOrdered.ShouldBeTrue();
        found.Attributes.ShouldNotBeNull();
        found["list"].ShouldBeOfType<List<object?>>().ShouldBe([1L, "two", 2.5, null, true, long.MinValue]);
        var w = (TorchTensor)found["w"]!;
        w.Strides.ShouldBe([1, 5]);
        read.Read(w, "w").Equals(matrix.t()).ShouldBeTrue();
        read.Read((TorchTensor)found["n"]!, "n").item<int>().ShouldBe(7);
        read.Read((TorchTensor)found["b"]!, "b").dtype.ShouldBe(ScalarType.BFloat16);
    }

    public void Dispose()
    {
        Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);
    }

    private static object? Read(byte[] pickle)
    {
        return PickleReader.Read(new PickleInput("memory", pickle));
    }

    private static string Refusal(byte[] pickle)
    {
        return Should.Throw<WorkbenchException>(() => Read(pickle)).Message;
    }
}
