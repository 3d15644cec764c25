using System.Collections.Concurrent;

namespace Workbench.Explorer.Catalog;

/// <summary>Labels, notes and stars, keyed by a dictionary's weights hash so that they survive renames and new indexes.</summary>
internal sealed class LabelBook
{
    public const int LongestLabel = 200;
    public const int LongestNote = 20_000;

    private readonly CatalogDatabase _database;
    private readonly LabelLog _log;
    private readonly ConcurrentDictionary<string, LabelEntry> _entries;
    private readonly Lock _writing = new();

    public LabelBook(CatalogDatabase database)
    {
        _database = database;
        _log = new LabelLog(database.Root);
        if (database.Labels.Count() == 0)
        {
            foreach (LabelEntry entry in _log.Read())
            {
                database.Labels.Upsert(entry);
            }
        }

        _entries = new ConcurrentDictionary<string, LabelEntry>(database.Labels.FindAll().ToDictionary(e => e.Key));
    }

    /// <summary>Grows with every change, so that views know when to look again.</summary>
    public int Version { get; private set; }

    /// <summary>What is written about a latent, or null.</summary>
    public LabelEntry? Find(string dictionary, int latent)
    {
        return _entries.GetValueOrDefault(LabelEntry.KeyOf(dictionary, latent));
    }

    /// <summary>Everything written about a dictionary, by latent.</summary>
    public IReadOnlyDictionary<int, LabelEntry> Of(string dictionary)
    {
        return _entries.Values.Where(e => e.Dictionary == dictionary && !e.IsEmpty).ToDictionary(e => e.Latent);
    }

    /// <summary>Writes what people say about a latent, to the database and to the mirror.</summary>
    /// <exception cref="WorkbenchException">A text is too long, or the disk refuses.</exception>
    public LabelEntry Write(string dictionary, int latent, string label, string note, bool starred)
    {
        label = label.Trim();
        if (label.Length > LongestLabel || note.Length > LongestNote)
        {
            throw new WorkbenchException(
                $"A label may have {LongestLabel} characters and a note {LongestNote}, found {label.Length} and {note.Length}; shorten it.");
        }

        var entry = new LabelEntry
        {
            Key = LabelEntry.KeyOf(dictionary, latent),
            Dictionary = dictionary,
            Latent = latent,
            Label = label,
            Note = note,
            Starred = starred,
            Written = _database.Time.GetUtcNow().UtcTicks,
        };
        lock (_writing)
        {
            Store(entry);
            Version++;
        }

        return entry;
    }

    private void Store(LabelEntry entry)
    {
        try
        {
            _log.Append(entry);
            _database.Labels.Upsert(entry);
            _entries[entry.Key] = entry;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new WorkbenchException($"The label was not saved: {refused.Message}", refused);
        }
    }
}
