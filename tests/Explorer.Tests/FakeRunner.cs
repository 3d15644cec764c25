using Workbench.Explorer.Jobs;

namespace Workbench.Explorer.Tests;

/// <summary>Starts nothing: jobs run until the test says how they ended.</summary>
internal sealed class FakeRunner : IJobRunner
{
    public List<(string Id, JobSpec Spec)> Submitted { get; } = [];

    public List<string> Cancelled { get; } = [];

    public Dictionary<string, JobOutcome> Outcomes { get; } = [];

    public JobHandle Submit(string id, JobSpec spec)
    {
        Submitted.Add((id, spec));
        return new JobHandle(1, "start");
    }

    public JobOutcome Poll(string id, JobHandle? handle)
    {
        return Outcomes.GetValueOrDefault(id) ?? new JobOutcome(Running: true, null, null);
    }

    public void Cancel(string id, JobHandle handle)
    {
        Cancelled.Add(id);
    }

    public IReadOnlyList<string> Tail(string id, int lines)
    {
        return [];
    }
}
