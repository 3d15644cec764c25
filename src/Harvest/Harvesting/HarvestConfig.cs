namespace Workbench.Harvest.Harvesting;

/// <summary>The configuration in a harvest's run.json.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Resolved">What it came to.</param>
internal sealed record HarvestConfig(HarvestRequest Request, HarvestSettings Resolved);
