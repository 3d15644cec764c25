using Workbench.Activations;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.BadInput;

[Trait("Category", "BadInput")]
public sealed class ArrowFuzzTests : IDisposable
{
    private readonly TemporaryFolder _workspace = new();
    private readonly string _harvest;

    public ArrowFuzzTests()
    {
        _harvest = new SyntheticHarvest { Rows = 96, Width = 4 }.Write(_workspace.Path);
    }

    public void Dispose()
    {
        _workspace.Dispose();
    }

    [Fact]
    public void Damaged_shards_are_read_or_refused()
    {
        string shard = Path.Combine(_harvest, Harvest.ReadInfo(_harvest).Shards[0].File);
        BadInputRun.Of("shard.arrow", [File.ReadAllBytes(shard)], Damage.Bytes, path =>
        {
            using ActivationStore store = ActivationStore.Open([path]);
            (store.Rows * store.Width).ShouldBeLessThanOrEqualTo(new FileInfo(path).Length);
            using Tensor rows = empty([store.Rows, store.Width]);
            store.Read(0, rows);
            store.TokenIds(0, new int[store.Rows]);
            store.Places(0, new long[store.Rows], new int[store.Rows]);
            _ = store.Document(store.Rows - 1);
        });
    }

    [Fact]
    public void Damaged_sequence_tables_are_read_or_refused()
    {
        BadInputRun.Of(SequenceTable.FileName, [File.ReadAllBytes(Path.Combine(_harvest, SequenceTable.FileName))], Damage.Bytes, path =>
        {
            using SequenceTable table = SequenceTable.Open(path);
            for (long sequence = 0; sequence < table.Count; sequence++)
            {
                _ = table.Document(sequence, 0) + table.FirstRow(sequence) + table.Rows(sequence) + table.Kept(sequence).Length + table.Tokens(sequence).Length;
            }
        });
    }

    [Fact]
    public void Damaged_document_tables_are_read_or_refused()
    {
        BadInputRun.Of(DocumentTable.FileName, [File.ReadAllBytes(Path.Combine(_harvest, DocumentTable.FileName))], Damage.Bytes, path =>
        {
            using DocumentTable table = DocumentTable.Open(path);
            foreach (long id in table.Ids)
            {
                _ = table.Find(id);
            }
        });
    }
}
