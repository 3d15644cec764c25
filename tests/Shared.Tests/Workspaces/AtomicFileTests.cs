using Workbench.Testing;
using Workbench.Workspaces;

namespace Workbench.Shared.Tests.Workspaces;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
    }

    [Fact]
    public void Text_replaces_what_was_there()
    {
        string path = _folder.At("deep", "er", "a.txt");
        AtomicFile.WriteText(path, "one");
        AtomicFile.WriteText(path, "zwei ü");
        File.ReadAllBytes(path).ShouldBe("zwei ü"u8.ToArray());
        Directory.GetFiles(Path.GetDirectoryName(path)!).ShouldBe([path]);
    }

    [Fact]
    public void A_failing_writer_leaves_the_old_content()
    {
        string path = _folder.At("a.txt");
        AtomicFile.WriteText(path, "old");
        Should.Throw<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("half"u8);
            throw new InvalidOperationException();
        }));
        File.ReadAllText(path).ShouldBe("old");
        Directory.GetFiles(_folder.Path).ShouldBe([path]);
    }

    [Fact]
    public void A_full_disk_names_the_file_and_the_free_space_and_leaves_the_old_content()
    {
        string path = _folder.At("a.json");
        AtomicFile.WriteText(path, "old");
        string sentence = Should.Throw<WorkbenchException>(
            () => AtomicFile.WriteJson(path, new string('x', 100), new FullDisk(room: 50).Open)).Message;
        sentence.ShouldContain(path);
        sentence.ShouldContain("disk is full");
        sentence.ShouldContain("MB free");
        File.ReadAllText(path).ShouldBe("old");
        Directory.GetFiles(_folder.Path).ShouldBe([path]);
    }

    [Fact]
    public void The_systems_own_full_device_is_recognised()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "/dev/full is absent on this system.");
        string path = _folder.At("a.bin");
        string sentence = Should.Throw<WorkbenchException>(() => AtomicFile.Write(
            path, stream => stream.Write(new byte[100]), _ => new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0))).Message;
        sentence.ShouldContain("disk is full");
        File.Exists(path).ShouldBeFalse();
    }

    [Fact]
    public void A_folder_that_is_a_file_is_one_sentence()
    {
        File.WriteAllText(_folder.At("file"), "");
        string path = _folder.At("file", "a.txt");
        Should.Throw<WorkbenchException>(() => AtomicFile.WriteText(path, "x")).Message.ShouldContain(path);
    }
}
