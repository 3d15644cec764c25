using System.Text;
using System.Text.Json;
using Workbench.Workspaces;

namespace Workbench.Explorer.Catalog;

/// <summary>labels.jsonl: every change of a label, appended; the database can be made of it again.</summary>
internal sealed class LabelLog(string root)
{
    public const string FileName = "labels.jsonl";

    private readonly string _path = Path.Combine(root, FileName);

    public void Append(LabelEntry entry)
    {
        var line = new LabelLine(
            new DateTimeOffset(entry.Written, TimeSpan.Zero), entry.Dictionary, entry.Latent, entry.Label, entry.Note, entry.Starred);
        byte[] bytes = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(line, WorkbenchJson.Compact) + "\n");
        using var file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }

    /// <summary>The lines that are whole; a last line that a crash cut is left out.</summary>
    public IEnumerable<LabelEntry> Read()
    {
        if (!File.Exists(_path))
        {
            yield break;
        }

        foreach (string text in File.ReadLines(_path))
        {
            if (Parse(text) is { } line)
            {
                yield return new LabelEntry
                {
                    Key = LabelEntry.KeyOf(line.Dictionary, line.Latent),
                    Dictionary = line.Dictionary,
                    Latent = line.Latent,
                    Label = line.Label,
                    Note = line.Note,
                    Starred = line.Starred,
                    Written = line.Written.UtcTicks,
                };
            }
        }
    }

    private static LabelLine? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<LabelLine>(text, WorkbenchJson.Compact);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
