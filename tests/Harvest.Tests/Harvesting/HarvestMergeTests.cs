using Shouldly;
using Workbench.Harvest.Harvesting;
using Workbench.Workspaces;
using Xunit;

namespace Workbench.Harvest.Tests.Harvesting;

public sealed class HarvestMergeTests : IDisposable
{
    private const int Count = 3;

    private readonly HarvestSample _sample = new();

    public void Dispose()
    {
        _sample.Dispose();
    }

    [Fact]
    public void Partitions_of_three_workspaces_become_what_one_process_writes()
    {
        HarvestResult whole = HarvestSampleRun.Execute(_sample, "whole", _sample.Request());
        RunParts(Count);

        HarvestResult merged = Merge("joined");

        merged.State.ShouldBe("complete");
        merged.Computed.ShouldBe(0);
        Directory.Delete(Path.Combine(merged.Folder, "partitions"), recursive: true);
        HarvestSample.Fingerprint(merged.Folder).ShouldBe(HarvestSample.Fingerprint(whole.Folder));
    }

    [Fact]
    public void A_missing_partition_is_named()
    {
        RunParts(Count - 1);

        Should.Throw<WorkbenchException>(() => Merge("joined")).Message.ShouldContain("Partitions 3 of 3 are absent");
    }

    [Fact]
    public void A_shard_that_changed_is_named_and_nothing_becomes_valid()
    {
        RunParts(Count);
        string shard = Directory.EnumerateFiles(_sample.At("p2"), "shard-*.arrow", SearchOption.AllDirectories).First();
        byte[] bytes = File.ReadAllBytes(shard);
        bytes[^100] ^= 1;
        File.WriteAllBytes(shard, bytes);

        Should.Throw<WorkbenchException>(() => Merge("joined")).Message.ShouldContain(shard);
        File.Exists(_sample.At("joined", "harvests", HarvestSampleRun.Id, "manifest.json")).ShouldBeFalse();
    }

    [Fact]
    public void Partitions_of_another_request_are_refused()
    {
        RunParts(Count);
        HarvestSampleRun.Execute(_sample, "p4", _sample.Request(800), partition: new HarvestPartition(1, Count));

        Should.Throw<WorkbenchException>(() => Gather("joined", ["p1", "p4"])).Message.ShouldContain("tokens 800, not 1000");
    }

    private void RunParts(int parts)
    {
        for (int number = 1; number <= parts; number++)
        {
            HarvestSampleRun.Execute(_sample, $"p{number}", _sample.Request(), partition: new HarvestPartition(number, Count));
        }
    }

    private HarvestResult Merge(string workspace)
    {
        (HarvestRequest request, HarvestPartition partition) = Gather(workspace, ["p1", "p2", "p3"]);
        return HarvestSampleRun.Execute(_sample, workspace, request, partition: partition);
    }

    private (HarvestRequest Request, HarvestPartition Partition) Gather(string workspace, string[] others)
    {
        return new HarvestMerge(new Workspace(_sample.At(workspace)), HarvestSampleRun.Id)
            .Gather([.. others.Select(other => new Workspace(_sample.At(other)))], default);
    }
}
