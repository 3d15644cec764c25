using Workbench.Workspaces;

namespace Workbench.SaeTrain.Training.Checkpoints;

/// <summary>What a checkpoint's folder holds; the content of its <c>checkpoint.json</c>.</summary>
/// <param name="FormatVersion">The version of the file's form.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Bytes">Length of the state's file.</param>
/// <param name="Sha256">Its hash.</param>
internal sealed record CheckpointRecord(int FormatVersion, long Step, long Bytes, string Sha256)
{
    public const string FileName = "checkpoint.json";
    public const string StateFile = "state.safetensors";
    public const int CurrentFormatVersion = 1;

    /// <summary>Describes the state in a folder and writes that down beside it.</summary>
    public static void Write(string folder, long step)
    {
        string state = Path.Combine(folder, StateFile);
        AtomicFile.WriteJson(
            Path.Combine(folder, FileName),
            new CheckpointRecord(CurrentFormatVersion, step, new FileInfo(state).Length, ContentHash.OfFile(state)));
    }

    /// <summary>What is wrong with the state in a folder, as the end of a sentence; null where nothing is.</summary>
    public static string? Flaw(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return $"{path} is absent";
        }

        try
        {
            CheckpointRecord record = WorkbenchJson.Read<CheckpointRecord>(path);
            string state = Path.Combine(folder, StateFile);
            long bytes = new FileInfo(state).Length;
            return record.FormatVersion != CurrentFormatVersion ? $"{path} has format_version {record.FormatVersion} where {CurrentFormatVersion} was expected"
                : bytes != record.Bytes ? $"{state} has {bytes} bytes where {record.Bytes} were expected"
                : ContentHash.OfFile(state) != record.Sha256 ? $"{state} has another sha256 than {FileName} says"
                : null;
        }
        catch (Exception unreadable) when (unreadable is WorkbenchException or IOException)
        {
            return unreadable.Message.TrimEnd('.');
        }
    }
}
