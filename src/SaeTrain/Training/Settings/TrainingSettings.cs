using System.Text.Json;
using Workbench.Workspaces;

namespace Workbench.SaeTrain.Training.Settings;

/// <summary>What a user set, by JSON key; everything else takes its default. <c>options</c> holds the recipe's own options.</summary>
internal sealed class TrainingSettings
{
    public const string OptionsKey = "options";

    private static readonly string s_recipe = TrainingSetting.KeyOf(nameof(TrainingConfig.Recipe));
    private static readonly string s_architecture = TrainingSetting.KeyOf(nameof(TrainingConfig.Architecture));

    private readonly Dictionary<string, (JsonElement Value, string Name)> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement> _options = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement> _derived = new(StringComparer.Ordinal);

    /// <summary>The recipe's own options that were set.</summary>
    public IReadOnlyDictionary<string, JsonElement> Options => _options;

    /// <summary>Entries of a file that follow from others; they must agree with what those resolve to.</summary>
    public IReadOnlyDictionary<string, JsonElement> Derived => _derived;

    /// <summary>The settings of a configuration that is whole, such as that of a run.</summary>
    public static TrainingSettings Of(TrainingConfig config)
    {
        return ConfigFile.Settings(WorkbenchJson.Element(config), "the run's configuration");
    }

    /// <summary>Sets a value.</summary>
    /// <param name="key">Key of a setting.</param>
    /// <param name="value">Its value.</param>
    /// <param name="name">What messages call it; by default its flag.</param>
    /// <exception cref="UsageException">There is no such setting, or the value does not fit.</exception>
    public TrainingSettings SetKey(string key, JsonElement value, string? name = null)
    {
        TrainingSetting setting = TrainingSetting.Find(key)
            ?? throw new UsageException($"{name ?? key} is not a setting; expected one of {string.Join(", ", TrainingSetting.All.Select(known => known.Key))} or {OptionsKey}.");
        string called = name ?? setting.Flag;
        setting.Check(value, called);
        _values[key] = (value, called);
        return this;
    }

    /// <summary>Sets a value by a property's name.</summary>
    public TrainingSettings Set<T>(string property, T value)
    {
        return SetKey(TrainingSetting.KeyOf(property), JsonSerializer.SerializeToElement(value, WorkbenchJson.Options));
    }

    /// <summary>Sets one of the recipe's own options.</summary>
    public TrainingSettings SetOption(string name, JsonElement value)
    {
        _options[name] = value;
        return this;
    }

    /// <summary>Notes an entry that follows from others.</summary>
    public void Note(string key, JsonElement value)
    {
        _derived[key] = value;
    }

    /// <summary>These settings where others do not say otherwise. What follows from these is no longer known, unless the others are empty.</summary>
    public TrainingSettings With(TrainingSettings others)
    {
        var merged = new TrainingSettings();
        foreach ((string key, (JsonElement Value, string Name) given) in _values.Concat(others._values))
        {
            merged._values[key] = given;
        }

        // A recipe and an architecture name the same thing twice: the one that others name counts.
        if (others._values.ContainsKey(s_recipe) != others._values.ContainsKey(s_architecture))
        {
            merged._values.Remove(others._values.ContainsKey(s_recipe) ? s_architecture : s_recipe);
        }

        foreach ((string name, JsonElement value) in _options.Concat(others._options))
        {
            merged._options[name] = value;
        }

        bool alone = others._values.Count + others._options.Count == 0;
        foreach ((string key, JsonElement value) in alone ? _derived.Concat(others._derived) : others._derived)
        {
            merged._derived[key] = value;
        }

        return merged;
    }

    /// <summary>A value that was set, or its default.</summary>
    /// <param name="property">The property's name.</param>
    public T Get<T>(string property)
    {
        TrainingSetting setting = TrainingSetting.Find(TrainingSetting.KeyOf(property))!;
        JsonElement value = _values.TryGetValue(setting.Key, out (JsonElement Value, string Name) given) ? given.Value : setting.Default!.Value;
        return value.Deserialize<T>(WorkbenchJson.Options)!;
    }

    /// <summary>A value that was set, or null.</summary>
    public T? Find<T>(string property)
        where T : struct
    {
        return Has(property) ? Get<T?>(property) : null;
    }

    /// <summary>A text that was set, or null.</summary>
    public string? Text(string property)
    {
        return Has(property) ? Get<string?>(property) : null;
    }

    public bool Has(string property)
    {
        return _values.ContainsKey(TrainingSetting.KeyOf(property));
    }

    /// <summary>What messages call a setting: the flag, or the key and file by which it was set.</summary>
    public string NameOf(string property)
    {
        string key = TrainingSetting.KeyOf(property);
        return _values.TryGetValue(key, out (JsonElement Value, string Name) given) ? given.Name : TrainingSetting.Find(key)!.Flag;
    }
}
