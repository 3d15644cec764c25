using Workbench.Activations;
using Workbench.SaeTrain.Training.Backends;
using Workbench.Workspaces;

namespace Workbench.SaeTrain.Training;

/// <summary>A dictionary's run before its work begins: its folder, its configuration and what it depends on.</summary>
internal sealed class DictionaryStart
{
    private const string Origin = "init_from";

    private readonly Workspace _workspace;
    private readonly RunManifest? _manifest;
    private readonly Dictionary<string, string> _inputs;

    private DictionaryStart(Workspace workspace, RunFolder run, RunManifest? manifest, TrainingConfig config, HarvestInfo harvest)
    {
        (_workspace, Run, _manifest, Config, Harvest) = (workspace, run, manifest, config, harvest);
        _inputs = new Dictionary<string, string>
        {
            ["harvest"] = ContentHash.OfFile(Path.Combine(workspace.HarvestFolder(harvest.Id).Path, HarvestInfo.FileName)),
            ["model"] = harvest.ModelHash,
            ["tokenizer"] = harvest.TokenizerHash,
            ["corpus"] = harvest.CorpusHash,
        };
    }

    public RunFolder Run { get; }

    public TrainingConfig Config { get; private set; }

    public HarvestInfo Harvest { get; }

    public bool IsComplete => _manifest?.State == RunState.Complete;

    /// <summary>Resolves what was asked for, and holds it to a run of before.</summary>
    /// <exception cref="WorkbenchException">It does not fit the harvest, or the run was started with something else.</exception>
    public static DictionaryStart Of(Workspace workspace, TrainingRequest request, TimeProvider time)
    {
        var run = new RunFolder(workspace.DictionaryFolder(request.Id).Path, time);
        RunManifest? manifest = run.Manifest;
        TrainingConfig? stored = manifest is null ? null : StoredConfig(run, manifest);
        string harvest = request.Settings.Text(nameof(TrainingConfig.Harvest)) ?? throw new UsageException("Give --harvest, the id of the harvest to train on.");
        HarvestInfo info = Activations.Harvest.ReadInfo(workspace.HarvestFolder(harvest).Path);
        TrainingConfig config = TrainingPlan.Resolve(request.Settings, info, stored);
        var start = new DictionaryStart(workspace, run, manifest, config, info);
        if (stored is not null)
        {
            TrainingPlan.RefuseChange(request.Id, stored.Backend == TrainingBackends.Auto ? stored with { Backend = config.Backend } : stored, config);
            start.RefuseOtherInputs();
        }

        start.NameOrigin();
        return start;
    }

    /// <summary>The configuration that a run was started with.</summary>
    /// <exception cref="WorkbenchException">The folder holds no training.</exception>
    public static TrainingConfig StoredConfig(RunFolder run, RunManifest manifest)
    {
        try
        {
            return System.Text.Json.JsonSerializer.Deserialize<TrainingConfig>(manifest.Config, WorkbenchJson.Options)!;
        }
        catch (System.Text.Json.JsonException other)
        {
            throw new WorkbenchException($"{run.ManifestPath} holds no configuration of a training that this build understands ({other.Message}); use another --id.", other);
        }
    }

    /// <summary>Writes run.json: the run is at work.</summary>
    public void Begin()
    {
        Run.Start(new RunManifest
        {
            Tool = "saetrain",
            Verb = "train",
            Id = Run.Id,
            Config = WorkbenchJson.Element(Config),
            Seed = Config.Seed,
            Inputs = _inputs,
            Started = _manifest?.Started ?? default,
        });
    }

    /// <summary>Writes down the configuration of a session, in which nothing is open any more.</summary>
    public void Settle(TrainingConfig config)
    {
        if (config != Config)
        {
            Config = config;
            Begin();
        }
    }

    /// <summary>Opens the dictionary to start from.</summary>
    /// <returns>What opens it, or null where there is none.</returns>
    public Func<InitialDictionary>? OpenOrigin()
    {
        return Config.InitFrom is null ? null : () =>
        {
            InitialDictionary origin = InitialDictionary.Open(_workspace, Config);
            if (origin.WeightsHash == _inputs[Origin])
            {
                return origin;
            }

            origin.Dispose();
            throw new WorkbenchException($"--init-from {Config.InitFrom} has changed since dictionary {Run.Id} was started from it; use another --id.");
        };
    }

    private void NameOrigin()
    {
        if (Config.InitFrom is null)
        {
            return;
        }

        if (_manifest?.Inputs.GetValueOrDefault(Origin) is string known)
        {
            _inputs[Origin] = known;
            return;
        }

        using InitialDictionary origin = InitialDictionary.Open(_workspace, Config);
        _inputs[Origin] = origin.WeightsHash;
    }

    private void RefuseOtherInputs()
    {
        if (_manifest!.Inputs.TryGetValue("harvest", out string? before) && before != _inputs["harvest"])
        {
            throw new WorkbenchException($"Harvest {Config.Harvest} has changed since dictionary {Run.Id} was started on it; use another --id.");
        }
    }
}
