using LiteDB;
using Workbench.Explorer.Jobs;

namespace Workbench.Explorer.Catalog;

/// <summary>A job as the database keeps it.</summary>
public sealed class JobEntry
{
    [BsonId(false)]
    public string Id { get; set; } = string.Empty;

    /// <summary>The typed specification, as JSON.</summary>
    public string Spec { get; set; } = string.Empty;

    public JobState State { get; set; }

    /// <summary>Place in the queue.</summary>
    public long Order { get; set; }

    /// <summary>Jobs of one chain each need the results of those before; null for a job that stands alone.</summary>
    public string? Chain { get; set; }

    public int? ProcessId { get; set; }

    /// <summary>When the process started, in the kernel's own words, to tell it from a later one with the same id.</summary>
    public string? ProcessStart { get; set; }

    public long Submitted { get; set; }

    public long? Started { get; set; }

    public long? Ended { get; set; }

    public string? Error { get; set; }
}
