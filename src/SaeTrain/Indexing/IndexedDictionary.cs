using System.Text.Json;
using Workbench.Activations;
using Workbench.Dictionaries;
using Workbench.SaeTrain.Evaluation;
using Workbench.Models;
using Workbench.Workspaces;
using static TorchSharp.torch;

namespace Workbench.SaeTrain.Indexing;

/// <summary>A trained dictionary beside the harvest that it is looked at with.</summary>
internal sealed class IndexedDictionary : IDisposable
{
    private IndexedDictionary(RunFolder run, AttachedDictionary dictionary, Harvest harvest)
    {
        Run = run;
        Dictionary = dictionary;
        Harvest = harvest;
    }

    public RunFolder Run { get; }

    public AttachedDictionary Dictionary { get; }

    public Harvest Harvest { get; }

    /// <summary>The hook points that the dictionary reads.</summary>
    public JoinedHooks Reads => Dictionary.Reads;

    /// <summary>The folder of this dictionary's index over this harvest.</summary>
    public string IndexFolder => Run.ResultsPath(Path.Combine("indexes", Harvest.Info.Id));

    /// <summary>Whether the harvest stored the activations that the dictionary reads.</summary>
    public bool IsStored => Reads.Points.All(point => Harvest.Info.Hooks.Any(held => held.Name == point.Name));

    /// <summary>Opens both.</summary>
    /// <param name="harvestId">The harvest; null for the one that the dictionary was trained on.</param>
    /// <exception cref="WorkbenchException">One is absent or incomplete, or they do not belong together.</exception>
    public static IndexedDictionary Open(Workspace workspace, string dictionaryId, string? harvestId, Device device)
    {
        var run = new RunFolder(DictionaryPlace.Find(workspace, dictionaryId));
        if (run.Manifest is { Verb: "train", State: not RunState.Complete })
        {
            throw new WorkbenchException($"Dictionary {dictionaryId} is not complete; finish it with 'saetrain resume --id {run.Id}', or take one of its checkpoints: {dictionaryId}@latest.");
        }

        ILatentModel model = DictionaryLoader.Load(run.Path, device);
        Harvest? harvest = null;
        try
        {
            AttachedDictionary dictionary = AttachedDictionary.Attach(model, $"The dictionary in {run.Path}");
            harvest = Harvest.Open(workspace.HarvestFolder(harvestId ?? TrainingHarvest(workspace, run, dictionary)).Path);
            foreach ((HookPoint hook, int width) in dictionary.Reads.Points.Zip(dictionary.Reads.Widths))
            {
                int? stored = harvest.Info.Hooks.FirstOrDefault(held => held.Name == hook.Name)?.Width;
                if (stored is not null && stored != width)
                {
                    throw new WorkbenchException(
                        $"Dictionary {dictionaryId} reads {hook.Name} of width {width}, and harvest {harvest.Info.Id} holds it with width {stored}: they are of two models; give a harvest of the dictionary's model with --harvest.");
                }
            }

            return new IndexedDictionary(run, dictionary, harvest);
        }
        catch
        {
            harvest?.Dispose();
            model.Dispose();
            throw;
        }
    }

    /// <summary>Loads the model that made the harvest.</summary>
    /// <param name="place">Where it is; null for where it was, or else its name.</param>
    /// <exception cref="WorkbenchException">It is not found, is another model, or lacks a hook of the dictionary's.</exception>
    public LanguageModel LoadModel(string? place, Workspace workspace, Device device, Numerics.MatrixPrecision precision)
    {
        ModelFiles files = FindModel(place, workspace);
        LanguageModel model = files.LoadModel(device, precision);
        try
        {
            Fit(model, files.Name, "reads", Reads);
            if (Dictionary.Writes is { } writes)
            {
                Fit(model, files.Name, "writes", writes);
            }

            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Finds the files of the model that made the harvest.</summary>
    /// <exception cref="WorkbenchException">They are not found, or are of another model.</exception>
    public ModelFiles FindModel(string? place, Workspace workspace)
    {
        return HarvestOrigin.FindModel(Harvest.Info, place, workspace);
    }

    /// <summary>Checks that the stored activations are those that the harvest's manifest describes.</summary>
    /// <exception cref="WorkbenchException">A shard was changed.</exception>
    public void VerifyShards(Action<string, long, long> progress, CancellationToken cancellation)
    {
        List<HarvestShard> shards = [.. Reads.Points.SelectMany(point => Harvest.Info.ShardsOf(point.Name))];
        foreach ((int number, HarvestShard shard) in shards.Index())
        {
            cancellation.ThrowIfCancellationRequested();
            string path = Path.Combine(Harvest.Folder, shard.File);
            string found = ContentHash.OfFile(path);
            if (found != shard.Sha256)
            {
                throw new WorkbenchException(
                    $"{path} has sha256 {found} where the harvest's manifest says {shard.Sha256}: it was changed; delete harvest {Harvest.Info.Id} and harvest again.");
            }

            progress("verify", number + 1, shards.Count);
        }
    }

    public void Dispose()
    {
        Harvest.Dispose();
        Dictionary.Dictionary.Dispose();
    }

    private void Fit(LanguageModel model, string name, string does, JoinedHooks hooks)
    {
        foreach ((HookPoint hook, int width) in hooks.Points.Zip(hooks.Widths))
        {
            if (!model.Has(hook) || model.HookWidth(hook) != width)
            {
                string found = model.Has(hook) ? $"has it with width {model.HookWidth(hook)}" : "does not reach it";
                throw new WorkbenchException(
                    $"Dictionary {Run.Id} {does} {hook.Name} of width {width}, and model {name} of harvest {Harvest.Info.Id} {found}; give a harvest of the dictionary's model with --harvest.");
            }
        }
    }

    private static string TrainingHarvest(Workspace workspace, RunFolder run, AttachedDictionary dictionary)
    {
        const string Field = "harvest";
        JsonElement named = default;
        bool found = (run.Manifest is { Verb: "train" } manifest && manifest.Config.TryGetProperty(Field, out named))
            || dictionary.Rows.Config.Metadata.TryGetValue(Field, out named);
        if (found && named.ValueKind == JsonValueKind.String)
        {
            return named.GetString()!;
        }

        return workspace.Harvests() is [RunFolder only]
            ? only.Id
            : throw new UsageException($"Dictionary {run.Id} does not say which harvest it was trained on; give one with --harvest.");
    }
}
