using Microsoft.Extensions.Time.Testing;
using Workbench.Harvest.Harvesting;
using Workbench.Workspaces;

namespace Workbench.Harvest.Tests.Harvesting;

/// <summary>Runs harvests in this process.</summary>
internal static class HarvestSampleRun
{
    public const string Id = "h1";

    public static HarvestResult Execute(
        HarvestSample sample,
        string workspace,
        HarvestRequest request,
        IProgressSink? sink = null,
        CancellationToken cancellation = default,
        FileOpener? files = null,
        HarvestPartition? partition = null,
        Func<string, string, HarvestInputs>? open = null)
    {
        var place = new Workspace(sample.At(workspace));
        // A clock that leaps makes every report pass the half-second limit.
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(1) };
        var environment = new HarvestEnvironment(
            open ?? ((device, precision) => HarvestInputs.Open(request, place, device, precision)), time, sink, files);
        return new HarvestRun(place, Id, request, partition ?? HarvestPartition.Whole, environment).Execute(cancellation);
    }
}
