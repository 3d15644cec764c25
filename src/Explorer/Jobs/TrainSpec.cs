using System.Globalization;
using Workbench.Workspaces;

namespace Workbench.Explorer.Jobs;

/// <summary>Train a dictionary on a harvest; more passes over it where few tokens were harvested.</summary>
public sealed record TrainSpec(string Id, string Harvest, string Recipe, int Latents, int K, long Seed, int Epochs = TrainSpec.UsualEpochs) : JobSpec
{
    /// <summary>Passes over the harvest unless said otherwise.</summary>
    public const int UsualEpochs = 5;

    public override string Title => $"Train {Id}: {Recipe}, {Latents.ToString("N0", CultureInfo.InvariantCulture)} latents";

    public override string Program => "saetrain";

    public override IReadOnlyList<string> Arguments(Workspace workspace)
    {
        return
        [
            "train", "--workspace", workspace.Root, "--harvest", Harvest, "--recipe", Recipe,
            "--latents", Latents.ToString(CultureInfo.InvariantCulture),
            "--k", K.ToString(CultureInfo.InvariantCulture),
            "--epochs", Epochs.ToString(CultureInfo.InvariantCulture),
            "--seed", Seed.ToString(CultureInfo.InvariantCulture), "--id", Id,
        ];
    }

    public override RunFolder Folder(Workspace workspace)
    {
        return workspace.DictionaryFolder(Id);
    }

    public override bool IsDone(Workspace workspace)
    {
        return Folder(workspace).Manifest?.State == RunState.Complete;
    }
}
