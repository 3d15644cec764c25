using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Workbench.Workspaces;

/// <summary>What an outsider needs to repeat or check a run; the content of <c>run.json</c>.</summary>
public sealed record RunManifest
{
    /// <summary>The version of run.json that this build writes and reads.</summary>
    public const int CurrentFormatVersion = 1;

    /// <summary>The version of the file's form.</summary>
    public int FormatVersion { get; init; } = CurrentFormatVersion;

    /// <summary>The program, e.g. <c>harvest</c>.</summary>
    public required string Tool { get; init; }

    /// <summary>The program's version.</summary>
    public string ToolVersion { get; init; } = CurrentToolVersion;

    /// <summary>The verb, e.g. <c>run</c>.</summary>
    public required string Verb { get; init; }

    /// <summary>The run's id, which is its folder's name.</summary>
    public required string Id { get; init; }

    /// <summary>The full resolved configuration.</summary>
    public required JsonElement Config { get; init; }

    /// <summary>The seed of everything random in the run.</summary>
    public long Seed { get; init; }

    /// <summary>The SHA-256 of each input by its role, e.g. <c>model</c>, <c>tokenizer</c>, <c>corpus</c>.</summary>
    public IReadOnlyDictionary<string, string> Inputs { get; init; } = new Dictionary<string, string>();

    /// <summary>The machine of the latest start.</summary>
    public HostFacts Host { get; init; } = HostFacts.Current();

    /// <summary>When the run was first started.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>When it ended, if it has.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>The most memory that the process of the latest start held at any time, in bytes; null before it ended.</summary>
    public long? PeakMemoryBytes { get; init; }

    /// <summary>Where it stands.</summary>
    public RunState State { get; init; }

    /// <summary>The sentence it failed with.</summary>
    public string? Error { get; init; }

    /// <summary>The version of this build.</summary>
    [JsonIgnore]
    public static string CurrentToolVersion =>
        typeof(RunManifest).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
