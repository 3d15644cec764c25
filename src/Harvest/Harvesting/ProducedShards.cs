namespace Workbench.Harvest.Harvesting;

/// <summary>What a production of shards came to.</summary>
/// <param name="Journal">All complete shards of the share.</param>
/// <param name="Rows">Rows computed by this process.</param>
/// <param name="Seconds">Seconds that took.</param>
/// <param name="Remark">A remark for people.</param>
internal sealed record ProducedShards(ShardJournal Journal, long Rows, double Seconds, string? Remark);
