using System.Globalization;
using Workbench.Models.Weights;
using Workbench.Workspaces;

namespace Workbench.SaeTrain.Training.Checkpoints;

/// <summary>
/// The checkpoints of a run, one folder a step. A folder appears whole, by a rename, and only then are older ones thinned out: the
/// two latest hold a state to resume from, and every folder holds the dictionary in inference form. At most two states and the
/// dictionaries that are kept lie on the disk, besides the one that is being written.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="keeps">Whether the dictionary after a number of steps is kept to the end.</param>
internal sealed class CheckpointFolder(RunFolder run, Func<long, bool> keeps)
{
    private const string Unfinished = ".tmp";
    private const string Discarded = ".old";
    private const int States = 2;

    private readonly string _root = run.ResultsPath(DictionaryPlace.CheckpointsFolder);

    /// <summary>The latest step whose state is there.</summary>
    public long? LatestStep => Resumable().Select(step => (long?)step).FirstOrDefault();

    /// <summary>Adds a checkpoint and then thins out older ones.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="write">Writes the state and the dictionary into an empty folder.</param>
    /// <exception cref="WorkbenchException">A file cannot be written; what was there before is untouched.</exception>
    public void Add(long step, Action<string> write)
    {
        string folder = FolderOf(step);
        string temporary = folder + Unfinished;
        Clear(temporary);
        Directory.CreateDirectory(temporary);
        write(temporary);
        CheckpointRecord.Write(temporary, step);
        Discard(folder);
        Directory.Move(temporary, folder);
        ThinOut(States);
    }

    /// <summary>The latest state that is whole.</summary>
    /// <param name="log">Told of states that are not.</param>
    /// <returns>The file, or null where there is none.</returns>
    public SafetensorsFile? Latest(Action<string> log)
    {
        foreach (long step in Resumable())
        {
            string folder = FolderOf(step);
            if (CheckpointRecord.Flaw(folder) is not string flaw)
            {
                return SafetensorsFile.Open(Path.Combine(folder, CheckpointRecord.StateFile));
            }

            log($"The checkpoint of step {step} is damaged ({flaw}); the one before is used, or the start.");
        }

        return null;
    }

    /// <summary>Keeps dictionaries alone, once the run is complete.</summary>
    public void RemoveStates()
    {
        ThinOut(states: 0);
    }

    private IEnumerable<long> Resumable()
    {
        return Steps().Where(step => File.Exists(Path.Combine(FolderOf(step), CheckpointRecord.StateFile)));
    }

    private IReadOnlyList<long> Steps()
    {
        return !Directory.Exists(_root)
            ? []
            : [.. Directory.EnumerateDirectories(_root)
                .Select(path => long.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out long step) ? step : -1)
                .Where(step => step >= 0)
                .OrderDescending()];
    }

    private void ThinOut(int states)
    {
        if (!Directory.Exists(_root))
        {
            return;
        }

        foreach (string rest in Directory.EnumerateDirectories(_root, "*" + Discarded).Concat(Directory.EnumerateDirectories(_root, "*" + Unfinished)).ToList())
        {
            Clear(rest);
        }

        long[] whole = [.. Resumable().Take(states)];
        foreach (long step in Steps().Except(whole))
        {
            if (keeps(step))
            {
                File.Delete(Path.Combine(FolderOf(step), CheckpointRecord.StateFile));
            }
            else
            {
                Discard(FolderOf(step));
            }
        }
    }

    /// <summary>A folder takes another name before its files go one by one, so that no part of it is ever taken for the whole.</summary>
    private static void Discard(string folder)
    {
        if (Directory.Exists(folder))
        {
            Clear(folder + Discarded);
            Directory.Move(folder, folder + Discarded);
            Clear(folder + Discarded);
        }
    }

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private string FolderOf(long step)
    {
        return Path.Combine(_root, step.ToString(CultureInfo.InvariantCulture));
    }
}
