using System.IO.Compression;
using System.Text;
using TorchSharp;
using Workbench.Models.Weights.Npz;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Models.Weights;

public sealed class NpzTests : IDisposable
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("npz").FullName, "params.npz");

    [Fact]
    public void What_is_written_is_read_back()
    {
        using var scope = NewDisposeScope();
        Tensor matrix = randn(3, 5);
        (string, Tensor)[] arrays = [("W", matrix), ("b", arange(4, ScalarType.Int64)), ("scalar", tensor(2.5)), ("t", matrix.t())];
        using (FileStream file = File.Create(_path))
        {
            NpzWriter.Write(file, arrays);
        }

        using NpzFile npz = NpzFile.Open(_path);

        npz.Names.ShouldBe(["W", "b", "scalar", "t"]);
        npz.Read("W").Equals(matrix).ShouldBeTrue();
        npz.Read("b").data<long>().ToArray().ShouldBe([0, 1, 2, 3]);
        npz.Shape("scalar").ShouldBeEmpty();
        npz.Read("t").Equals(matrix.t()).ShouldBeTrue();
    }

    [Fact]
    public void Column_major_arrays_are_put_in_order()
    {
        Save("W", Header("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }"), [.. Enumerable.Range(0, 6).SelectMany(i => BitConverter.GetBytes((float)i))]);

        using NpzFile npz = NpzFile.Open(_path);

        npz.Read("W").data<float>().ToArray().ShouldBe([0, 2, 4, 1, 3, 5]);
    }

    [Fact]
    public void Compressed_arrays_are_read()
    {
        Save("W", Header("{'descr': '<f8', 'fortran_order': False, 'shape': (1000,), }"), new byte[8000], CompressionLevel.SmallestSize);

        using NpzFile npz = NpzFile.Open(_path);

        npz.Read("W").sum().item<double>().ShouldBe(0);
    }

    [Theory]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "objects")]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "<c8")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", "claims")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000, 1000000000000), }", "claims")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", "shape")]
    [InlineData("{'descr': '<f4', 'shape': (1,), }", "header")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "header")]
    [InlineData("__import__('os').system('true')", "header")]
    public void An_array_that_is_not_plain_numbers_is_refused_by_its_name(string header, string named)
    {
        Save("threshold", Header(header), new byte[8]);

        string message = Should.Throw<WorkbenchException>(() => NpzFile.Open(_path)).Message;

        message.ShouldContain("threshold");
        message.ShouldContain(named);
    }

    [Fact]
    public void An_array_of_zeros_that_claims_more_than_its_compressed_bytes_can_hold_is_refused()
    {
        Save("W", Header("{'descr': '<f4', 'fortran_order': False, 'shape': (4000000000,), }"), new byte[100_000], CompressionLevel.SmallestSize);

        Should.Throw<WorkbenchException>(() => NpzFile.Open(_path)).Message.ShouldContain("W");
    }

    [Fact]
    public void A_file_that_is_cut_off_is_refused_by_its_path()
    {
        Save("W", Header("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }"), new byte[8]);
        byte[] whole = File.ReadAllBytes(_path);
        File.WriteAllBytes(_path, whole[..(whole.Length / 2)]);

        Should.Throw<WorkbenchException>(() => NpzFile.Open(_path)).Message.ShouldContain("params.npz");
    }

    public void Dispose()
    {
        Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);
    }

    private static byte[] Header(string literal)
    {
        byte[] text = Encoding.ASCII.GetBytes(literal + "\n");
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, (byte)(text.Length >> 8), .. text];
    }

    private void Save(string name, byte[] header, byte[] numbers, CompressionLevel level = CompressionLevel.NoCompression)
    {
        using var archive = new ZipArchive(File.Create(_path), ZipArchiveMode.Create);
        PickleBytes.Add(archive, name + ".npy", [.. header, .. numbers], level);
    }
}
