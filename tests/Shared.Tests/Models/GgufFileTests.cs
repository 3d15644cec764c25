using Workbench.Models.Weights;
using Workbench.Testing;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Models;

public sealed class GgufFileTests : IDisposable
{
    private const uint Float32 = 0;
    private const uint FourBits = 2;
    private readonly TemporaryFolder _folder = new();

    /// <summary>Files that are wrong in one place, and what the sentence must name.</summary>
    public static TheoryData<string, byte[]> Damaged => new()
    {
        { "ends inside", [] },
        { "'GGUF'", new GgufBytes(magic: "GGML").Count(0).Count(0).ToArray() },
        { "version 2", new GgufBytes(version: 2).Count(0).Count(0).ToArray() },
        { "tensors", new GgufBytes().Count(ulong.MaxValue).Count(0).ToArray() },
        { "metadata pairs", new GgufBytes().Count(0).Count(1UL << 40).ToArray() },
        { "metadata key", new GgufBytes().Count(0).Count(1).Count(1UL << 62).Number(0).Number(0).ToArray() },
        { "value type 99", new GgufBytes().Count(0).Count(1).Text("k").Number(99).ToArray() },
        { "elements of 'k'", new GgufBytes().Count(0).Count(1).Text("k").Number(9).Number(4).Count(1UL << 34).ToArray() },
        { "elements of 'k'", new GgufBytes().Count(0).Count(1).Text("k").Number(9).Number(8).Count(1UL << 60).ToArray() },
        { "twice", new GgufBytes().Count(0).Count(2).Text("k").Number(4).Number(1).Text("k").Number(4).Number(1).ToArray() },
        { "general.alignment", new GgufBytes().Count(0).Count(1).Text("general.alignment").Number(4).Number(0).ToArray() },
        { "dimensions", new GgufBytes().Count(1).Count(0).Text("t").Number(5).Count(0).Count(0).ToArray() },
        { "ggml type 77", new GgufBytes().Count(1).Count(0).Tensor("t", [2], 77, 0).Data(1, 2).ToArray() },
        { "cannot have", new GgufBytes().Count(1).Count(0).Tensor("t", [33], FourBits, 0).Data(1, 2).ToArray() },
        { "cannot have", new GgufBytes().Count(1).Count(0).Tensor("t", [1UL << 40, 1UL << 40], Float32, 0).Data(1, 2).ToArray() },
        { "places tensor 't'", new GgufBytes().Count(1).Count(0).Tensor("t", [3], Float32, 0).Data(1, 2).ToArray() },
        { "places tensor 't'", new GgufBytes().Count(1).Count(0).Tensor("t", [2], Float32, ulong.MaxValue - 3).Data(1, 2).ToArray() },
        { "twice", new GgufBytes().Count(2).Count(0).Tensor("t", [1], Float32, 0).Tensor("t", [1], Float32, 4).Data(1, 2).ToArray() },
    };

    public void Dispose()
    {
        _folder.Dispose();
    }

    [Fact]
    public void Metadata_and_tensors_are_read_as_they_were_written()
    {
        byte[] bytes = new GgufBytes().Count(2).Count(3)
            .Text("name").Number(8).Text("größe")
            .Text("count").Number(4).Number(7)
            .Text("words").Number(9).Number(8).Count(2).Text("a").Text("b")
            .Tensor("first", [3, 2], Float32, 0).Tensor("second", [1], Float32, 24)
            .Data(1, 2, 3, 4, 5, 6, 7).ToArray();
        using GgufFile file = GgufFile.Open(Write(bytes));
        file.Find<string>("name").ShouldBe("größe");
        file.FindInt32("count").ShouldBe(7);
        file.Find<string[]>("words").ShouldBe(["a", "b"]);
        file.FindInt32("absent").ShouldBeNull();
        using Tensor first = file.Dequantise("first");
        first.shape.ShouldBe([2, 3]);
        first.data<float>().ToArray().ShouldBe([1, 2, 3, 4, 5, 6]);
        using Tensor second = file.Dequantise("second");
        second.data<float>().ToArray().ShouldBe([7]);
    }

    [Theory]
    [MemberData(nameof(Damaged))]
    public void A_damaged_file_is_refused_with_a_sentence_that_names_the_place(string named, byte[] bytes)
    {
        string path = Write(bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = Should.Throw<WorkbenchException>(() => GgufFile.Open(path)).Message;
        message.ShouldContain(path);
        message.ShouldContain(named);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        byte[] whole = new GgufBytes().Count(1).Count(2)
            .Text("name").Number(8).Text("text")
            .Text("numbers").Number(9).Number(6).Count(2).Number(0).Number(0)
            .Tensor("t", [2], Float32, 0).Data(1, 2).ToArray();
        GgufFile.Open(Write(whole)).Dispose();
        for (int length = 0; length < whole.Length; length++)
        {
            Should.Throw<WorkbenchException>(() => GgufFile.Open(Write(whole[..length])), $"cut at {length}");
        }
    }

    [Fact]
    public void A_missing_file_a_missing_tensor_and_a_value_of_another_type_are_named()
    {
        Should.Throw<WorkbenchException>(() => GgufFile.Open(_folder.At("none.gguf"))).Message.ShouldContain("none.gguf");
        using GgufFile file = GgufFile.Open(Write(new GgufBytes().Count(0).Count(1).Text("k").Number(8).Text("v").ToArray()));
        Should.Throw<WorkbenchException>(() => file.Dequantise("t")).Message.ShouldContain("'t'");
        Should.Throw<WorkbenchException>(() => file.FindInt32("k")).Message.ShouldContain("'k'");
        Should.Throw<WorkbenchException>(() => file.FindDouble("k")).Message.ShouldContain("'k'");
    }

    private string Write(byte[] bytes)
    {
        string path = _folder.At("file.gguf");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
