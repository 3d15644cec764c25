using Workbench.Workspaces;

namespace Workbench.Explorer.Jobs;

/// <summary>What fills an empty workspace: the embedded model's middle layer, from text to browsable features.</summary>
internal static class DemoPlan
{
    public const string Id = "demo";
    public const string Model = "docs-lm";
    public const string Corpus = "dotnet-docs";

    /// <summary>The steps, in order.</summary>
    public static IReadOnlyList<JobSpec> Steps { get; } =
    [
        new HarvestSpec(Id, Model, Corpus, ["blocks.3.hook_resid_post"], Tokens: 400_000, Context: 128),
        new TrainSpec(Id, Id, "openai-topk", Latents: 4096, K: 32, Seed: 0, Epochs: 10),
        new IndexSpec(Id, Id),
        new EvaluateSpec(Id),
    ];

    /// <summary>Queues the steps whose results are not there, where the workspace is empty or the demo was begun.</summary>
    public static void Enqueue(JobQueue queue, Workspace workspace)
    {
        IReadOnlyList<Job> known = queue.Jobs();
        bool begun = known.Any(job => Steps.Contains(job.Spec));
        bool empty = workspace.Harvests().Count == 0 && workspace.Dictionaries().Count == 0;
        if (!begun && !empty)
        {
            return;
        }

        foreach (JobSpec step in Steps.Where(step => !step.IsDone(workspace)))
        {
            Job? latest = known.FirstOrDefault(job => job.Spec == step);
            switch (latest?.State)
            {
                case null or JobState.Complete:
                    queue.Enqueue(step, chain: Id);
                    break;
                case JobState.Cancelled:
                    return;
                case JobState.Interrupted or JobState.Failed:
                    queue.Resume(latest.Id);
                    break;
            }
        }
    }
}
