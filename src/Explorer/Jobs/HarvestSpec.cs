using System.Globalization;
using Workbench.Text.Windows;
using Workbench.Workspaces;

namespace Workbench.Explorer.Jobs;

/// <summary>Run a model over text and keep its activations.</summary>
public sealed record HarvestSpec(string Id, string Model, string Corpus, IReadOnlyList<string> Hooks, long Tokens, int Context) : JobSpec
{
    /// <summary>How documents become sequences.</summary>
    public string Windows { get; init; } = WindowModes.PerDocument;

    /// <summary>Whether special tokens give no rows.</summary>
    public bool ExcludeSpecial { get; init; }

    /// <summary>Rows above this multiple of the median norm are dropped; null to keep all.</summary>
    public double? MaxNormMultiple { get; init; }

    public override string Title => $"Harvest {Id}: {Path.GetFileNameWithoutExtension(Model)} {string.Join(' ', Hooks)}";

    public override string Program => "harvest";

    public override IReadOnlyList<string> Arguments(Workspace workspace)
    {
        return
        [
            "run", "--workspace", workspace.Root, "--model", Model, "--corpus", Corpus, "--hook", .. Hooks,
            "--tokens", Tokens.ToString(CultureInfo.InvariantCulture),
            "--context", Context.ToString(CultureInfo.InvariantCulture), "--id", Id, "--windows", Windows,
            .. ExcludeSpecial ? ["--exclude-special"] : Array.Empty<string>(),
            .. MaxNormMultiple is { } multiple ? ["--max-norm-multiple", multiple.ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>(),
        ];
    }

    /// <summary>By value, the list of hooks included: a step of the demo is found again among the jobs that were read from disk.</summary>
    public bool Equals(HarvestSpec? other)
    {
        return other is not null && WorkbenchJson.AreSame(this, other);
    }

    public override int GetHashCode()
    {
        return HashCode.Combine(Id, Model, Corpus, Tokens);
    }

    public override RunFolder Folder(Workspace workspace)
    {
        return workspace.HarvestFolder(Id);
    }

    public override bool IsDone(Workspace workspace)
    {
        return Folder(workspace).Manifest?.State == RunState.Complete;
    }
}
