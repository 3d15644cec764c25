using System.CommandLine;
using System.Text.Json;
using Workbench.Commands;
using Workbench.SaeTrain.Recipes;
using Workbench.SaeTrain.Training.Settings;

namespace Workbench.SaeTrain.Commands;

/// <summary>The flags of all training settings, and of a recipe's own options.</summary>
internal sealed class SettingOptions
{
    private readonly Option<string?> _config = new("--config") { Description = "JSON file with settings, such as --print-config shows; flags override it." };
    private readonly Option<double?> _k = new("--k") { Description = "Latents kept in each row, for recipes that fix it; by default 32." };
    private readonly Option<string[]> _set = new("--set") { Description = "One of the recipe's own options as name=value, e.g. --set auxk=64; repeatable.", DefaultValueFactory = _ => [] };
    private readonly (TrainingSetting Setting, Option<string[]> Option)[] _flags =
    [
        .. TrainingSetting.All.Select(setting => (setting, new Option<string[]>(setting.Flag) { Description = Describe(setting), DefaultValueFactory = _ => [] })),
    ];

    public IEnumerable<Option> All => [_config, .. _flags.Select(flag => flag.Option), _k, _set];

    /// <summary>What a command line sets.</summary>
    /// <exception cref="UsageException">A flag or an entry of the file does not fit.</exception>
    public TrainingSettings Read(CommandCall call)
    {
        var given = new TrainingSettings();
        foreach ((TrainingSetting setting, Option<string[]> option) in _flags)
        {
            string[] values = call.Get(option);
            if (values.Length > 1 && !setting.IsList)
            {
                throw new UsageException($"{setting.Flag} is given {values.Length} times; give it once.");
            }

            if (values.Length > 0)
            {
                given.SetKey(setting.Key, setting.Parse(values), setting.Flag);
            }
        }

        foreach ((string name, JsonElement value) in RecipeOptionArguments.Read(call.Get(_set), call.Find(_k)))
        {
            given.SetOption(name, value);
        }

        return call.Find(_config) is string path ? ConfigFile.Read(path).With(given) : given;
    }

    private static string Describe(TrainingSetting setting)
    {
        string help = setting.Key == "recipe" ? $"{setting.Help}: {string.Join(", ", RecipeRegistry.All.Select(recipe => recipe.Name))}" : setting.Help;
        return setting.Default is JsonElement value ? $"{help}. [default: {value}]" : help + ".";
    }
}
