using System.Text.Json;

namespace Workbench.SaeTrain.Training.Settings;

/// <summary>
/// Reads a configuration file: one JSON object with the keys of <see cref="TrainingConfig"/>, any of which may be absent. Keys that
/// are not known, that come twice, or whose value is of another type are refused by name.
/// </summary>
internal static class ConfigFile
{
    private static readonly HashSet<string> s_derived =
    [
        .. typeof(TrainingConfig).GetProperties()
            .Where(property => !property.IsDefined(typeof(SettingAttribute), inherit: false) && !property.IsDefined(typeof(System.Text.Json.Serialization.JsonIgnoreAttribute), inherit: false))
            .Select(property => TrainingSetting.KeyOf(property.Name))
            .Where(key => key != TrainingSettings.OptionsKey),
    ];

    /// <summary>The settings of a file.</summary>
    /// <exception cref="UsageException">The file cannot be read, or holds something that is not expected.</exception>
    public static TrainingSettings Read(string path)
    {
        return Settings(Document(path), path);
    }

    /// <summary>A file's one JSON object.</summary>
    /// <exception cref="UsageException">The file cannot be read, or is no JSON.</exception>
    public static JsonElement Document(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.Clone();
        }
        catch (JsonException malformed)
        {
            throw new UsageException($"{path} is not JSON: {malformed.Message}");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"Cannot read {path}: {unreadable.Message.TrimEnd('.')}; give --config an existing file.");
        }
    }

    /// <summary>The settings of a JSON object.</summary>
    /// <param name="json">The object.</param>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <exception cref="UsageException">It holds something that is not expected.</exception>
    public static TrainingSettings Settings(JsonElement json, string source)
    {
        var settings = new TrainingSettings();
        foreach ((string key, JsonElement value) in Entries(json, source))
        {
            string name = $"{source}: {key}";
            if (key == TrainingSettings.OptionsKey)
            {
                foreach ((string option, JsonElement given) in Entries(value, name))
                {
                    settings.SetOption(option, given);
                }
            }
            else if (s_derived.Contains(key))
            {
                settings.Note(key, value);
            }
            else
            {
                settings.SetKey(key, value, name);
            }
        }

        return settings;
    }

    /// <summary>The entries of a JSON object, of which none comes twice.</summary>
    /// <exception cref="UsageException">It is no object, or a key comes twice.</exception>
    public static IEnumerable<(string Key, JsonElement Value)> Entries(JsonElement json, string source)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new UsageException($"{source} is {json.GetRawText()}, where an object was expected.");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty entry in json.EnumerateObject())
        {
            yield return seen.Add(entry.Name)
                ? (entry.Name, entry.Value)
                : throw new UsageException($"{source}: {entry.Name} comes twice; leave one of the two out.");
        }
    }
}
