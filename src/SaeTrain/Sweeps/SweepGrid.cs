using System.Text.Json;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Settings;
using Workbench.Workspaces;

namespace Workbench.SaeTrain.Sweeps;

/// <summary>
/// The dictionaries of a sweep. A grid file holds <c>base</c>, what all have in common; <c>grid</c>, lists of values of which every
/// combination is trained; and <c>runs</c>, objects whose settings go together. With both, every run takes every combination.
/// Keys are those of a configuration file, and besides <c>k</c> and <c>options.name</c> for the recipe's own options and
/// <c>hook</c> for a single hook. All read rows in one order, that of the base's <c>data_seed</c> or <c>seed</c>, unless they set
/// a <c>data_seed</c> themselves.
/// </summary>
/// <param name="Entries">One a dictionary: its id and what it sets.</param>
internal sealed record SweepGrid(IReadOnlyList<(string Id, TrainingSettings Settings)> Entries)
{
    private const int LongestId = 100;

    /// <summary>Reads a grid.</summary>
    /// <param name="json">The file's object.</param>
    /// <param name="source">The file, for messages.</param>
    /// <param name="sweep">The sweep's id, which ids begin with.</param>
    /// <exception cref="UsageException">Something in it is not expected, or two entries are the same.</exception>
    public static SweepGrid Read(JsonElement json, string source, string sweep)
    {
        var common = new TrainingSettings();
        List<IReadOnlyList<(string Key, JsonElement Value)>> combinations = [[]];
        List<IReadOnlyList<(string Key, JsonElement Value)>> runs = [[]];
        foreach ((string key, JsonElement value) in ConfigFile.Entries(json, source))
        {
            switch (key)
            {
                case "base":
                    Put(common, [.. ConfigFile.Entries(value, $"{source}: base")], source);
                    break;
                case "grid":
                    combinations = Combinations(value, $"{source}: grid");
                    break;
                case "runs":
                    runs = [.. Items(value, $"{source}: runs").Select(run => ConfigFile.Entries(run, $"{source}: runs").ToList())];
                    break;
                default:
                    throw new UsageException($"{source}: {key} is not expected; a grid has base, grid and runs.");
            }
        }

        long order = common.Find<long>(nameof(TrainingConfig.DataSeed)) ?? common.Get<long>(nameof(TrainingConfig.Seed));
        var entries = new List<(string Id, TrainingSettings Settings)>();
        foreach (IReadOnlyList<(string Key, JsonElement Value)> run in runs)
        {
            foreach (IReadOnlyList<(string Key, JsonElement Value)> combination in combinations)
            {
                TrainingSettings own = Put(new TrainingSettings().Set(nameof(TrainingConfig.DataSeed), order), [.. run, .. combination], source);
                entries.Add((IdOf(sweep, [.. run, .. combination], entries.Count), common.With(own)));
            }
        }

        string? twice = entries.GroupBy(entry => entry.Id).FirstOrDefault(same => same.Count() > 1)?.Key;
        return twice is null ? new SweepGrid(entries) : throw new UsageException($"{source}: two dictionaries of the sweep are the same, {twice}; leave one of them out.");
    }

    private static List<IReadOnlyList<(string Key, JsonElement Value)>> Combinations(JsonElement grid, string source)
    {
        List<IReadOnlyList<(string Key, JsonElement Value)>> combinations = [[]];
        foreach ((string key, JsonElement values) in ConfigFile.Entries(grid, source))
        {
            JsonElement[] items = [.. Items(values, $"{source}: {key}")];
            combinations = [.. combinations.SelectMany(before => items.Select(item => (IReadOnlyList<(string, JsonElement)>)[.. before, (key, item)]))];
        }

        return combinations;
    }

    private static IEnumerable<JsonElement> Items(JsonElement list, string source)
    {
        return list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0
            ? list.EnumerateArray()
            : throw new UsageException($"{source} is {list.GetRawText()}, where a list of at least one entry was expected.");
    }

    private static TrainingSettings Put(TrainingSettings settings, IReadOnlyList<(string Key, JsonElement Value)> entries, string source)
    {
        const string OptionPrefix = TrainingSettings.OptionsKey + ".";
        foreach ((string key, JsonElement value) in entries)
        {
            switch (key)
            {
                case "k":
                    settings.SetOption(key, value);
                    break;
                case "hook":
                    settings.SetKey(TrainingSetting.KeyOf(nameof(TrainingConfig.Hooks)), JsonSerializer.SerializeToElement(new[] { value }), $"{source}: {key}");
                    break;
                case TrainingSettings.OptionsKey:
                    foreach ((string option, JsonElement given) in ConfigFile.Entries(value, $"{source}: {key}"))
                    {
                        settings.SetOption(option, given);
                    }

                    break;
                default:
                    _ = key.StartsWith(OptionPrefix, StringComparison.Ordinal)
                        ? settings.SetOption(key[OptionPrefix.Length..], value)
                        : settings.SetKey(key, value, $"{source}: {key}");
                    break;
            }
        }

        return settings;
    }

    /// <summary>An id that tells what is special: numbers with their keys, texts as they are.</summary>
    private static string IdOf(string sweep, IReadOnlyList<(string Key, JsonElement Value)> special, int number)
    {
        string id = string.Join('-', special.Select(entry => Label(entry.Key, entry.Value)).Prepend(sweep));
        return id.Length <= LongestId && Workspace.IsValidId(id) && special.Count > 0 ? id : $"{sweep}-{number:d3}";
    }

    private static string Label(string key, JsonElement value)
    {
        string name = key[(key.LastIndexOf('.') + 1)..];
        string text = value.ValueKind == JsonValueKind.String ? value.GetString()! : name + value.GetRawText();
        return string.Concat(text.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-'));
    }
}
