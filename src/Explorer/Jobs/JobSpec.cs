using System.Text.Json.Serialization;
using Workbench.Workspaces;

namespace Workbench.Explorer.Jobs;

/// <summary>What a job is to do; turned into arguments one by one, never into a line of shell.</summary>
[JsonDerivedType(typeof(HarvestSpec), "harvest")]
[JsonDerivedType(typeof(TrainSpec), "train")]
[JsonDerivedType(typeof(IndexSpec), "index")]
[JsonDerivedType(typeof(EvaluateSpec), "evaluate")]
public abstract record JobSpec
{
    /// <summary>Name for people.</summary>
    [JsonIgnore]
    public abstract string Title { get; }

    /// <summary>The program: <c>harvest</c> or <c>saetrain</c>.</summary>
    [JsonIgnore]
    public abstract string Program { get; }

    /// <summary>Its arguments.</summary>
    public abstract IReadOnlyList<string> Arguments(Workspace workspace);

    /// <summary>The folder whose progress.json tells how far it is.</summary>
    public abstract RunFolder Folder(Workspace workspace);

    /// <summary>Whether its results are already there.</summary>
    public abstract bool IsDone(Workspace workspace);
}
