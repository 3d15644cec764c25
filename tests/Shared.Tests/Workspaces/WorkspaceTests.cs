using TorchSharp;
using Workbench.Testing;
using Workbench.Workspaces;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Workspaces;

public sealed class WorkspaceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
    }

    [Theory]
    [InlineData("h1", true)]
    [InlineData("smollm2-135m.l15_k32", true)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData(".hidden", false)]
    [InlineData("-x", false)]
    [InlineData("a/b", false)]
    [InlineData("a\\b", false)]
    [InlineData("a b", false)]
    [InlineData("a\n", false)]
    public void An_id_is_a_plain_name(string id, bool valid)
    {
        Workspace.IsValidId(id).ShouldBe(valid);
        var workspace = new Workspace(_folder.Path);
        if (valid)
        {
            workspace.HarvestFolder(id).Path.ShouldBe(_folder.At("harvests", id));
        }
        else
        {
            Should.Throw<UsageException>(() => workspace.DictionaryFolder(id));
        }
    }

    [Fact]
    public void Only_started_runs_are_listed_by_id()
    {
        var workspace = new Workspace(_folder.Path);
        workspace.Harvests().ShouldBeEmpty();
        foreach (string id in new[] { "b", "a" })
        {
            workspace.HarvestFolder(id).Start(new RunManifest { Tool = "t", Verb = "v", Id = id, Config = WorkbenchJson.Element(1) });
        }

        Directory.CreateDirectory(_folder.At("harvests", "empty"));
        workspace.Harvests().Select(run => run.Id).ShouldBe(["a", "b"]);
        workspace.Dictionaries().ShouldBeEmpty();
    }

    [Fact]
    public void A_workspace_that_cannot_be_written_is_named()
    {
        string file = _folder.At("file");
        File.WriteAllText(file, "");
        foreach (string root in new[] { file, Path.Combine(file, "below"), "/proc/workbench" })
        {
            Should.Throw<WorkbenchException>(() => new Workspace(root).EnsureWritable()).Message.ShouldContain(root);
        }

        new Workspace(_folder.At("new", "one")).EnsureWritable();
        Directory.GetFileSystemEntries(_folder.At("new", "one")).ShouldBeEmpty();
    }

    [Fact]
    public void A_hash_is_that_of_the_content()
    {
        const string Abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        File.WriteAllText(_folder.At("abc"), "abc");
        ContentHash.OfText("abc").ShouldBe(Abc);
        ContentHash.OfFile(_folder.At("abc")).ShouldBe(Abc);
        using Tensor a = torch.arange(6, dtype: torch.ScalarType.Float32).view(2, 3);
        using Tensor b = torch.arange(6, dtype: torch.ScalarType.Float32).view(3, 2);
        using Tensor transposed = a.t();
        using Tensor copy = transposed.clone();
        ContentHash.OfTensor(a).ShouldNotBe(ContentHash.OfTensor(b));
        ContentHash.OfTensor(transposed).ShouldBe(ContentHash.OfTensor(copy));
    }
}
