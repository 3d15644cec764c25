using Workbench.Activations;
using Workbench.Harvest.Harvesting;
using Workbench.Testing;
using Workbench.Workspaces;

namespace Workbench.Harvest.Tests.Harvesting;

public sealed class HarvestResumeTests : IDisposable
{
    private readonly HarvestSample _sample = new(new TinyModel { EmbeddingScale = 30 });

    public void Dispose()
    {
        _sample.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(95)]
    [InlineData(96)]
    [InlineData(500)]
    [InlineData(830)]
    public void An_interrupted_harvest_goes_on_to_the_same_bytes(long afterRows)
    {
        HarvestResult whole = HarvestSampleRun.Execute(_sample, "whole", _sample.Request());
        Interrupt("cut", _sample.Request(), afterRows);
        var folder = new RunFolder(_sample.At("cut", "harvests", HarvestSampleRun.Id));
        folder.Manifest!.State.ShouldBe(RunState.Interrupted);
        Should.Throw<WorkbenchException>(() => Activations.Harvest.Open(folder.Path)).Message.ShouldContain("not complete");
        Directory.GetFiles(folder.Path, "*.tmp", SearchOption.AllDirectories).ShouldBeEmpty();
        HarvestResult resumed = HarvestSampleRun.Execute(_sample, "cut", _sample.Request());
        resumed.Computed.ShouldBeInRange(1, 1000);
        ((1000 - resumed.Computed) % 96).ShouldBe(0);
        HarvestSample.Fingerprint(resumed.Folder).ShouldBe(HarvestSample.Fingerprint(whole.Folder));
    }

    [Fact]
    public void Stopping_again_and_again_changes_nothing()
    {
        HarvestResult whole = HarvestSampleRun.Execute(_sample, "whole", _sample.Request());
        for (int rows = 100; rows < 1000; rows += 150)
        {
            Interrupt("cut", _sample.Request(), rows);
        }

        HarvestResult resumed = HarvestSampleRun.Execute(_sample, "cut", _sample.Request());
        HarvestSample.Fingerprint(resumed.Folder).ShouldBe(HarvestSample.Fingerprint(whole.Folder));
    }

    [Fact]
    public void Shards_of_both_types_come_back_the_same_after_an_interruption()
    {
        using var sample = new HarvestSample(new TinyModel { EmbeddingScale = 22_000 });
        HarvestRequest request = sample.Request() with { Hooks = ["hook_embed"], ShardRows = 16 };
        HarvestResult whole = HarvestSampleRun.Execute(sample, "whole", request);
        HarvestInfo info = Activations.Harvest.ReadInfo(whole.Folder);
        info.Shards.Select(shard => shard.DType).Distinct().Order().ShouldBe([StorageType.Float16, StorageType.BFloat16]);
        using var stop = new CancellationTokenSource();
        Should.Throw<OperationCanceledException>(
            () => HarvestSampleRun.Execute(sample, "cut", request, new StopAfter(stop, 555), stop.Token));
        HarvestResult resumed = HarvestSampleRun.Execute(sample, "cut", request);
        HarvestSample.Fingerprint(resumed.Folder).ShouldBe(HarvestSample.Fingerprint(whole.Folder));
    }

    [Fact]
    public void A_harvest_told_float16_refuses_what_does_not_fit()
    {
        using var sample = new HarvestSample(new TinyModel { EmbeddingScale = 100_000 });
        HarvestRequest request = sample.Request() with { Hooks = ["hook_embed"], DType = StorageType.Float16 };
        string sentence = Should.Throw<WorkbenchException>(() => HarvestSampleRun.Execute(sample, "w", request)).Message;
        sentence.ShouldContain("hook_embed");
        sentence.ShouldContain("float16");
        RunManifest manifest = new RunFolder(sample.At("w", "harvests", HarvestSampleRun.Id)).Manifest!;
        (manifest.State, manifest.Error).ShouldBe((RunState.Failed, sentence));
    }

    [Theory]
    [InlineData(5_000)]
    [InlineData(60_000)]
    [InlineData(200_000)]
    public void A_full_disk_fails_in_one_sentence_and_the_same_line_goes_on_when_there_is_room(long room)
    {
        HarvestResult whole = HarvestSampleRun.Execute(_sample, "whole", _sample.Request());
        string sentence = Should.Throw<WorkbenchException>(
            () => HarvestSampleRun.Execute(_sample, "cut", _sample.Request(), files: new FullDisk(room).Open)).Message;
        sentence.ShouldContain("disk is full");
        var folder = new RunFolder(_sample.At("cut", "harvests", HarvestSampleRun.Id));
        folder.Manifest!.State.ShouldBe(RunState.Failed);
        File.Exists(folder.ResultsPath(HarvestInfo.FileName)).ShouldBeFalse();
        HarvestResult resumed = HarvestSampleRun.Execute(_sample, "cut", _sample.Request());
        HarvestSample.Fingerprint(resumed.Folder).ShouldBe(HarvestSample.Fingerprint(whole.Folder));
    }

    [Fact]
    public void A_set_of_shards_that_cannot_be_completed_stops_the_run_and_is_computed_again()
    {
        HarvestRequest request = _sample.Request();
        HarvestResult whole = HarvestSampleRun.Execute(_sample, "whole", request);
        int sets = 0;
        string sentence = Should.Throw<WorkbenchException>(() => HarvestSampleRun.Execute(_sample, "cut", request, files: path =>
            Path.GetFileName(path).StartsWith("shards.json", StringComparison.Ordinal) && ++sets == 2
                ? throw new IOException("The device is gone.")
                : AtomicFile.Open(path))).Message;
        sentence.ShouldContain("The device is gone");
        var folder = new RunFolder(_sample.At("cut", "harvests", HarvestSampleRun.Id));
        folder.Manifest!.State.ShouldBe(RunState.Failed);
        Directory.GetFiles(folder.Path, "*.tmp", SearchOption.AllDirectories).ShouldBeEmpty();
        HarvestResult resumed = HarvestSampleRun.Execute(_sample, "cut", request);
        resumed.Computed.ShouldBe(1000 - 96);
        HarvestSample.Fingerprint(resumed.Folder).ShouldBe(HarvestSample.Fingerprint(whole.Folder));
    }

    [Fact]
    public void A_shard_that_changed_while_the_run_was_down_is_computed_again()
    {
        HarvestResult whole = HarvestSampleRun.Execute(_sample, "whole", _sample.Request());
        Interrupt("cut", _sample.Request(), afterRows: 500);
        string shard = _sample.At("cut", "harvests", HarvestSampleRun.Id, ShardWriter.FileOf(_sample.Request().Hooks[1], 2));
        byte[] bytes = File.ReadAllBytes(shard);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(shard, bytes);
        HarvestResult resumed = HarvestSampleRun.Execute(_sample, "cut", _sample.Request());
        resumed.Computed.ShouldBe(1000 - (2 * 96));
        resumed.Message.ShouldNotBeNull().ShouldContain("shard-00002");
        HarvestSample.Fingerprint(resumed.Folder).ShouldBe(HarvestSample.Fingerprint(whole.Folder));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Partitions_write_the_same_bytes_as_one_process(int count)
    {
        HarvestResult whole = HarvestSampleRun.Execute(_sample, "whole", _sample.Request());
        HarvestResult[] parts =
        [
            .. Enumerable.Range(1, count).Reverse().Select(number =>
                HarvestSampleRun.Execute(_sample, "parts", _sample.Request(), partition: new HarvestPartition(number, count))),
        ];
        parts.SkipLast(1).ShouldAllBe(part => part.State == "partial");
        parts[^1].State.ShouldBe("complete");
        Directory.Delete(Path.Combine(parts[^1].Folder, "partitions"), recursive: true);
        HarvestSample.Fingerprint(parts[^1].Folder).ShouldBe(HarvestSample.Fingerprint(whole.Folder));
    }

    [Fact]
    public void Two_processes_do_not_write_one_harvest()
    {
        Interrupt("cut", _sample.Request(), afterRows: 200);
        using (new RunFolder(_sample.At("cut", "harvests", HarvestSampleRun.Id)).Lock())
        {
            Should.Throw<WorkbenchException>(() => HarvestSampleRun.Execute(_sample, "cut", _sample.Request())).Message.ShouldContain("Another process");
        }
    }

    private void Interrupt(string workspace, HarvestRequest request, long afterRows)
    {
        using var stop = new CancellationTokenSource();
        Should.Throw<OperationCanceledException>(
            () => HarvestSampleRun.Execute(_sample, workspace, request, new StopAfter(stop, afterRows), stop.Token));
    }
}
