using Workbench.Harvest.Tests.Harvesting;
using Workbench.Testing;
using Workbench.Workspaces;

namespace Workbench.Harvest.Tests.Commands;

public sealed class PeakMemoryTests : IDisposable
{
    private const long Beyond = 1_500_000_000;

    // Three hooks of this width fill the batch, and more than one record batch of each.
    private readonly HarvestSample _sample = new(new TinyModel { Layers = 4, Width = 1024, Heads = 16, Intermediate = 4096 }, documents: 1000);

    public void Dispose()
    {
        _sample.Dispose();
    }

    [Fact]
    public void A_harvest_of_several_hooks_needs_no_more_than_its_weights_and_a_gigabyte_and_a_half()
    {
        (int exitCode, _, string error) = HarvestProcess.Run(
            "run", "--workspace", _sample.At("w"), "--model", _sample.Model, "--corpus", _sample.Corpus, "--tokens", "22000", "--context", "64", "--id", "h1",
            "--hook", "blocks.0.hook_resid_pre", "blocks.0.hook_resid_mid", "blocks.0.hook_resid_post");
        exitCode.ShouldBe(0, error);
        long weights = new FileInfo(Path.Combine(_sample.Model, "model.safetensors")).Length;
        long peak = new Workspace(_sample.At("w")).HarvestFolder("h1").Manifest!.PeakMemoryBytes!.Value;
        weights.ShouldBeGreaterThan(200_000_000);
        peak.ShouldBeInRange(weights / 2, weights + Beyond);
    }
}
