using Workbench.Explorer.Catalog;
using Workbench.Testing;

namespace Workbench.Explorer.Tests;

public sealed class LabelBookTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
    }

    [Fact]
    public void Latent_zero_keeps_its_label_after_the_database_is_opened_again()
    {
        Use(book => book.Write("hash", 0, " zero ", "note", starred: true));
        Use(book =>
        {
            LabelEntry entry = book.Find("hash", 0).ShouldNotBeNull();
            (entry.Label, entry.Note, entry.Starred).ShouldBe(("zero", "note", true));
            book.Find("other", 0).ShouldBeNull();
        });
    }

    [Fact]
    public void Labels_come_back_from_the_mirror_when_the_database_is_lost()
    {
        Use(book =>
        {
            book.Write("hash", 4, "first", "", starred: false);
            book.Write("hash", 4, "second", "", starred: false);
            book.Write("hash", 5, "kept", "", starred: false);
        });
        File.Delete(_folder.At(CatalogDatabase.FileName));
        File.AppendAllText(_folder.At(LabelLog.FileName), "{\"written\":\"2026-01-01T00:0");
        Use(book => book.Of("hash").ToDictionary(pair => pair.Key, pair => pair.Value.Label)
            .ShouldBe(new Dictionary<int, string> { [4] = "second", [5] = "kept" }, ignoreOrder: true));
    }

    [Fact]
    public void A_label_that_is_too_long_is_refused_and_nothing_is_written()
    {
        Use(book =>
        {
            Should.Throw<WorkbenchException>(() => book.Write("hash", 1, new string('x', LabelBook.LongestLabel + 1), "", starred: false));
            book.Find("hash", 1).ShouldBeNull();
        });
        File.Exists(_folder.At(LabelLog.FileName)).ShouldBeFalse();
    }

    private void Use(Action<LabelBook> use)
    {
        using CatalogDatabase database = CatalogDatabase.Open(_folder.Path, TimeProvider.System);
        use(new LabelBook(database));
    }
}
