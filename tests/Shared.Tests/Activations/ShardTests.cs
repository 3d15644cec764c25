using TorchSharp;
using Workbench.Activations;
using Workbench.Testing;
using Workbench.Workspaces;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Activations;

public sealed class ShardTests : IDisposable
{
    private static readonly ShardLayout Layout = new(ShardRows: 64, BatchRows: 16);

    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
    }

    [Theory]
    [InlineData(StorageType.Float16)]
    [InlineData(StorageType.BFloat16)]
    [InlineData(StorageType.Float32)]
    public void Rows_come_back_as_the_tensor_library_rounds_them(StorageType type)
    {
        var sample = new ShardSample(rows: 150, width: 37);
        IReadOnlyList<HarvestShard> shards = sample.Write(_folder.Path, type, Layout);
        shards.Select(shard => shard.Rows).ShouldBe([64, 64, 22]);
        using ActivationStore store = sample.Open(_folder.Path, shards);
        using Tensor all = torch.empty(150, 37);
        store.Read(0, all);
        using Tensor expected = sample.Expected(type);
        all.data<float>().ToArray().ShouldBe(expected.data<float>().ToArray());
        store.StoredType.ShouldBe(type.ToScalarType());
        for (int row = 0; row < sample.Rows; row++)
        {
            (store.TokenId(row), store.Document(row), store.Sequence(row), store.Position(row))
                .ShouldBe((sample.TokenIds[row], sample.Documents[row], sample.Sequences[row], sample.Positions[row]));
        }
    }

    [Theory]
    [InlineData(StorageType.Float16)]
    [InlineData(StorageType.BFloat16)]
    public unsafe void Every_stored_number_is_read_by_the_value_of_its_bits(StorageType type)
    {
        // An odd number of values, so that some are left over by the vectors.
        ushort[] stored = [.. Enumerable.Range(0, ushort.MaxValue).Select(bits => (ushort)bits)];
        float[] read = new float[stored.Length];
        fixed (ushort* start = stored)
        {
            RowConversion.Load((byte*)start, type, read);
        }

        for (int i = 0; i < stored.Length; i++)
        {
            float expected = type == StorageType.Float16
                ? (float)BitConverter.UInt16BitsToHalf(stored[i])
                : BitConverter.UInt32BitsToSingle((uint)stored[i] << 16);
            (read[i].Equals(expected) && float.IsNegative(read[i]) == float.IsNegative(expected)).ShouldBeTrue($"0x{i:X4} is read as {read[i]}, not {expected}");
        }
    }

    [Fact]
    public void Any_rows_in_any_order_are_gathered()
    {
        var sample = new ShardSample(rows: 300, width: 1200);
        using ActivationStore store = sample.Open(_folder.Path, sample.Write(_folder.Path, StorageType.Float16, Layout));
        var random = new Random(3);
        long[] rows = [.. Enumerable.Range(0, 500).Select(_ => random.NextInt64(300))];
        using Tensor gathered = torch.empty(500, 1200);
        store.Gather(rows, gathered);
        using Tensor all = sample.Expected(StorageType.Float16);
        using Tensor expected = all.index_select(0, torch.tensor(rows));
        TensorAssert.CloseTo(expected, gathered, 0, "rows");
        var tokens = new int[100];
        store.TokenIds(55, tokens);
        tokens.ShouldBe(sample.TokenIds[55..155]);
    }

    [Fact]
    public void Appending_in_other_portions_writes_the_same_bytes()
    {
        var sample = new ShardSample(rows: 150, width: 8);
        IReadOnlyList<HarvestShard> one = sample.Write(_folder.At("one"), StorageType.Auto, Layout, step: 1);
        IReadOnlyList<HarvestShard> many = sample.Write(_folder.At("many"), StorageType.Auto, Layout, step: 64);
        one.ShouldBe(many);
        one.ShouldAllBe(shard => ContentHash.OfFile(_folder.At("one", shard.File)) == shard.Sha256);
    }

    [Fact]
    public void Auto_stores_bfloat16_only_in_the_shard_that_leaves_the_range_of_float16()
    {
        var sample = new ShardSample(rows: 150, width: 8);
        sample.Values[(70 * 8) + 3] = -70_000f;
        IReadOnlyList<HarvestShard> shards = sample.Write(_folder.Path, StorageType.Auto, Layout);
        shards.Select(shard => shard.DType).ShouldBe([StorageType.Float16, StorageType.BFloat16, StorageType.Float16]);
        using ActivationStore store = sample.Open(_folder.Path, shards);
        using Tensor all = torch.empty(150, 8);
        store.Read(0, all);
        using Tensor half = sample.Expected(StorageType.Float16);
        using Tensor brain = sample.Expected(StorageType.BFloat16);
        TensorAssert.CloseTo(half[..64], all[..64], 0, "rows");
        TensorAssert.CloseTo(brain[64..128], all[64..128], 0, "rows");
        TensorAssert.CloseTo(half[128..], all[128..], 0, "rows");
        Directory.GetFiles(_folder.Path, "*.tmp", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(65_519f, true)]
    [InlineData(65_520f, false)]
    [InlineData(-1e9f, false)]
    public void Float16_is_refused_exactly_where_rounding_would_give_infinity(float value, bool fits)
    {
        var sample = new ShardSample(rows: 5, width: 4);
        sample.Values[9] = value;
        Func<object> write = () => sample.Write(_folder.Path, StorageType.Float16, Layout);
        if (fits)
        {
            write().ShouldNotBeNull();
            return;
        }

        string sentence = write.ShouldThrow<WorkbenchException>().Message;
        sentence.ShouldContain(ShardSample.Hook);
        sentence.ShouldContain(value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        sentence.ShouldContain("--dtype");
        Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_value_that_is_not_finite_is_refused_in_every_type(float value)
    {
        foreach (StorageType type in Enum.GetValues<StorageType>())
        {
            var sample = new ShardSample(rows: 5, width: 4);
            sample.Values[9] = value;
            Func<object> write = () => sample.Write(_folder.Path, type, Layout);
            write.ShouldThrow<WorkbenchException>().Message.ShouldContain("not finite");
            Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).ShouldBeEmpty();
        }
    }

    [Fact]
    public void A_full_disk_is_one_sentence_and_leaves_only_whole_shards()
    {
        var sample = new ShardSample(rows: 150, width: 64);
        var disk = new FullDisk(room: 30_000);
        Func<object> write = () => sample.Write(_folder.Path, StorageType.Float16, Layout, open: disk.Open);
        string sentence = write.ShouldThrow<WorkbenchException>().Message;
        sentence.ShouldContain("disk is full");
        sentence.ShouldContain(ShardWriter.FileOf(ShardSample.Hook, 2));
        sentence.ShouldContain("MB free");
        string[] files = Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories);
        files.Select(Path.GetFileName).Order().ShouldBe(["shard-00000.arrow", "shard-00001.arrow"]);
    }

    [Fact]
    public void A_truncated_shard_is_named_at_any_length()
    {
        var sample = new ShardSample(rows: 40, width: 16);
        HarvestShard shard = sample.Write(_folder.Path, StorageType.Float16, Layout)[0];
        string path = _folder.At(shard.File);
        byte[] whole = File.ReadAllBytes(path);
        foreach (int length in new[] { 1, 7, 8, 100, whole.Length / 2, whole.Length - 1 })
        {
            File.WriteAllBytes(path, whole[..length]);
            Func<object> open = () => sample.Open(_folder.Path, [shard]);
            open.ShouldThrow<WorkbenchException>().Message.ShouldContain(path);
        }
    }

    [Fact]
    public void Every_column_and_key_of_the_form_is_there()
    {
        var sample = new ShardSample(rows: 40, width: 16);
        HarvestShard shard = sample.Write(_folder.Path, StorageType.BFloat16, Layout)[0];
        using var reader = new Apache.Arrow.Ipc.ArrowFileReader(File.OpenRead(_folder.At(shard.File)));
        using Apache.Arrow.RecordBatch batch = reader.ReadNextRecordBatch();
        batch.Length.ShouldBe(16);
        batch.Schema.FieldsList.Select(field => field.Name).ShouldBe(["activation", "token_id", "document", "sequence", "position"]);
        batch.Schema.Metadata.Keys.Order(StringComparer.Ordinal).ShouldBe(
            ["bos", "context", "dtype", "hook", "model", "model_hash", "run", "tokenizer_hash", "workbench.format"]);
        batch.Schema.Metadata["dtype"].ShouldBe("bfloat16");
    }

    [Fact]
    public void A_shard_beyond_two_gibibytes_is_refused_and_the_default_shrinks()
    {
        Should.Throw<UsageException>(() => ShardLayout.For(65_536, [100_000], StorageType.Float16)).Message.ShouldContain("--shard-rows");
        ShardLayout.For(null, [100_000], StorageType.Float16).ShardRows.ShouldBeLessThan(65_536);
        ShardLayout.For(null, [576, 576, 2048], StorageType.Auto).ShouldBe(new ShardLayout(65_536, 16_384));
        ShardLayout.For(null, [4096, 4096], StorageType.Auto).ShouldBe(new ShardLayout(65_536, 8192));
    }
}
