using System.Diagnostics;

namespace Workbench.Workspaces;

/// <summary>A folder that holds one run: its manifest, its progress, its log and its results.</summary>
public sealed class RunFolder
{
    private const string ManifestName = "run.json";
    private const string LockName = "run.lock";

    private readonly TimeProvider _time;
    private readonly Lazy<RunManifest?> _stored;
    private RunManifest? _current;

    /// <summary>Names a run folder, which need not exist yet.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="time">The clock for start and end; by default the system's.</param>
    public RunFolder(string path, TimeProvider? time = null)
    {
        Path = System.IO.Path.GetFullPath(path);
        _time = time ?? TimeProvider.System;
        _stored = new Lazy<RunManifest?>(ReadManifest);
    }

    /// <summary>The folder's full path.</summary>
    public string Path { get; }

    /// <summary>The run's id: the folder's name.</summary>
    public string Id => System.IO.Path.GetFileName(Path);

    /// <summary>The manifest, as last written by this object or else as found on first use; null where there is none.</summary>
    /// <exception cref="WorkbenchException">run.json is damaged or of an unknown version.</exception>
    public RunManifest? Manifest => _current ?? _stored.Value;

    /// <summary>The file of the manifest.</summary>
    public string ManifestPath => ResultsPath(ManifestName);

    /// <summary>The file of the latest progress.</summary>
    public string ProgressPath => ResultsPath("progress.json");

    /// <summary>The file of the log.</summary>
    public string LogPath => ResultsPath("log.txt");

    /// <summary>Whether a live process holds this run; a run that says <see cref="RunState.Running"/> and is not locked died.</summary>
    public bool IsLocked
    {
        get
        {
            string path = ResultsPath(LockName);
            if (!File.Exists(path))
            {
                return false;
            }

            try
            {
                using var probe = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                return false;
            }
            catch (FileNotFoundException)
            {
                return false;
            }
            catch (IOException)
            {
                return true;
            }
        }
    }

    /// <summary>The path of a result of this run.</summary>
    /// <param name="name">A file name or relative path below the folder.</param>
    public string ResultsPath(string name)
    {
        return System.IO.Path.Combine(Path, name);
    }

    /// <summary>Takes the run for this process until the result is disposed or the process ends, however it ends.</summary>
    /// <exception cref="WorkbenchException">Another process holds it, or the folder cannot be written.</exception>
    public IDisposable Lock()
    {
        string path = ResultsPath(LockName);
        try
        {
            Directory.CreateDirectory(Path);
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new WorkbenchException($"Another process is at work in {Path}; wait for it or stop it, then run the same line again.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw WriteFailure.Explain(path, failure);
        }
    }

    /// <summary>Writes the manifest of a run that starts or goes on: state running, start time kept where one is set.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <exception cref="WorkbenchException">The folder cannot be written.</exception>
    public void Start(RunManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        Save(manifest with
        {
            State = RunState.Running,
            Started = manifest.Started == default ? _time.GetUtcNow() : manifest.Started,
            Ended = null,
            PeakMemoryBytes = null,
            Error = null,
        });
    }

    /// <summary>Writes how the run ended.</summary>
    /// <param name="state">The final state.</param>
    /// <param name="error">The sentence of a failure.</param>
    /// <exception cref="WorkbenchException">The run was never started, or the folder cannot be written.</exception>
    public void Finish(RunState state, string? error = null)
    {
        RunManifest manifest = Manifest ?? throw new WorkbenchException($"{ManifestPath} is absent: the run was never started.");
        using var process = Process.GetCurrentProcess();
        Save(manifest with { State = state, Ended = _time.GetUtcNow(), PeakMemoryBytes = process.PeakWorkingSet64, Error = error });
    }

    /// <summary>Does the work of a started run; where it does not come to its end, the manifest says how it stopped.</summary>
    /// <param name="work">The work; it finishes the run itself where that succeeds.</param>
    /// <typeparam name="T">What it returns.</typeparam>
    /// <exception cref="WorkbenchException">The folder cannot be written; whatever the work throws goes on to the caller.</exception>
    public T Guard<T>(Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        try
        {
            return work();
        }
        catch (OperationCanceledException)
        {
            Finish(RunState.Interrupted);
            throw;
        }
        catch (Exception failure)
        {
            Finish(RunState.Failed, failure.Message);
            throw;
        }
    }

    /// <summary>The same for work that returns nothing.</summary>
    /// <param name="work">The work; it finishes the run itself where that succeeds.</param>
    /// <exception cref="WorkbenchException">The folder cannot be written; whatever the work throws goes on to the caller.</exception>
    public void Guard(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        _ = Guard(() =>
        {
            work();
            return this;
        });
    }

    /// <summary>The latest progress, or null where none was written.</summary>
    public RunProgress? Progress()
    {
        return RunProgress.TryRead(ProgressPath);
    }

    private void Save(RunManifest manifest)
    {
        AtomicFile.WriteJson(ManifestPath, manifest);
        _current = manifest;
    }

    private RunManifest? ReadManifest()
    {
        if (!File.Exists(ManifestPath))
        {
            return null;
        }

        RunManifest manifest = WorkbenchJson.Read<RunManifest>(ManifestPath);
        return manifest.FormatVersion == RunManifest.CurrentFormatVersion
            ? manifest
            : throw new WorkbenchException(
                $"{ManifestPath} has format_version {manifest.FormatVersion} where {RunManifest.CurrentFormatVersion} was expected; use the build that wrote it.");
    }
}
