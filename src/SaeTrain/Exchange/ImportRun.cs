using System.Text.Json;
using Workbench.Dictionaries;
using Workbench.Dictionaries.Formats;
using Workbench.Models;
using Workbench.Workspaces;
using static TorchSharp.torch;

namespace Workbench.SaeTrain.Exchange;

/// <summary>Brings a dictionary of any readable layout into the workspace.</summary>
internal sealed class ImportRun(string workspaceRoot, string id, ImportRequest request)
{
    private const string Verb = "import";

    private readonly Workspace _workspace = new(workspaceRoot);

    /// <exception cref="WorkbenchException">The source is not readable, the id is taken, or the workspace cannot be written.</exception>
    public ImportResult Execute()
    {
        RunFolder run = _workspace.DictionaryFolder(id);
        string from = Path.GetFullPath(request.From);
        if (!File.Exists(from) && !Directory.Exists(from))
        {
            throw new WorkbenchException($"{from} does not exist; give the file or folder of a dictionary with --from.");
        }

        IDictionaryFormat format = request.Format is null ? DictionaryLoader.Recognise(from) : DictionaryLoader.Format(request.Format);
        if (!format.CanRead(from))
        {
            throw new WorkbenchException($"{from} does not look like the layout {format.Name}; expected {format.Files}.");
        }

        var config = WorkbenchJson.Element(request with { From = from, Format = format.Name });
        string hash = SourceFiles.Hash(from);
        if (IsSame(run, config, hash))
        {
            using ILatentModel before = DictionaryLoader.Load(run.Path);
            return Result(run, before, format, alreadyComplete: true);
        }

        using ILatentModel model = Placed(format.Load(from, CPU), format);
        _workspace.EnsureWritable();
        using IDisposable held = run.Lock();
        run.Start(new RunManifest
        {
            Tool = "saetrain",
            Verb = Verb,
            Id = id,
            Config = config,
            Inputs = new Dictionary<string, string> { ["source"] = hash },
        });
        try
        {
            DictionaryLoader.Save(model, run.Path);
        }
        catch (Exception failure)
        {
            run.Finish(RunState.Failed, failure.Message);
            throw;
        }

        run.Finish(RunState.Complete);
        return Result(run, model, format, alreadyComplete: false);
    }

    /// <summary>Whether the id holds the same import; refuses an id that holds anything else.</summary>
    private bool IsSame(RunFolder run, JsonElement config, string hash)
    {
        if (!Directory.Exists(run.Path) || (run.Manifest is null && Directory.GetFileSystemEntries(run.Path).Length == 0))
        {
            return false;
        }

        bool same = run.Manifest is { Verb: Verb } manifest
            && manifest.Inputs.GetValueOrDefault("source") == hash
            && JsonElement.DeepEquals(manifest.Config, config);
        return same
            ? run.Manifest!.State == RunState.Complete
            : throw new WorkbenchException($"Dictionary {id} exists already in {run.Path} and is not this import; use another --id.");
    }

    private ILatentModel Placed(ILatentModel model, IDictionaryFormat format)
    {
        if (request.Hook is null && request.OutputHook is null && model is not SparseAutoencoder)
        {
            return model;
        }

        using (model)
        {
            if (model is not SparseAutoencoder sparse)
            {
                throw new UsageException($"--hook is for dictionaries that read one hook, and {request.From} holds a {model.GetType().Name}.");
            }

            if (request.OutputHook is not null && !sparse.Config.IsTranscoder)
            {
                throw new UsageException($"--output-hook is for transcoders, and {request.From} holds an autoencoder, which reconstructs what it reads.");
            }

            var facts = new Dictionary<string, JsonElement>(sparse.Config.Metadata, StringComparer.Ordinal)
            {
                ["imported_from"] = JsonSerializer.SerializeToElement(format.Name),
            };
            return sparse.With(sparse.Config with
            {
                Hook = request.Hook is null ? sparse.Config.Hook : HookPoint.Parse(request.Hook).Name,
                OutputHook = request.OutputHook is null ? sparse.Config.OutputHook : HookPoint.Parse(request.OutputHook).Name,
                Metadata = facts,
            });
        }
    }

    private static ImportResult Result(RunFolder run, ILatentModel model, IDictionaryFormat format, bool alreadyComplete)
    {
        SparseAutoencoderConfig? config = (model as SparseAutoencoder)?.Config;
        List<string> notes = [.. DictionaryNotes.Of(model)];
        HookPoint? point = config is null ? null : HookNames.Find(config.Hook, config.IsTranscoder);
        if (config is not null && point is null)
        {
            notes.Add($"Its hook {(config.Hook.Length == 0 ? "is not named" : $"'{config.Hook}' is no hook point")}; index and evaluate need one: import it again under another id with --hook.");
        }

        return new ImportResult(
            run.Id,
            run.Path,
            alreadyComplete,
            format.Name,
            DictionaryLoader.Recognise(run.Path).Name,
            config is null ? null : WorkbenchJson.Element(config.Architecture).GetString(),
            model.Inputs[0].Width,
            model.Latents,
            config?.K,
            model.Inputs[0].Hook,
            point?.Name,
            config?.IsTranscoder == true ? config.OutputHook ?? string.Empty : null,
            model.WeightsHash,
            notes);
    }
}
