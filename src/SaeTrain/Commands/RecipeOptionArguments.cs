using System.Text.Json;

namespace Workbench.SaeTrain.Commands;

/// <summary>Reads a recipe's own options from a command line.</summary>
internal static class RecipeOptionArguments
{
    /// <summary>Options by name.</summary>
    /// <param name="settings">Arguments <c>name=value</c>; a value is JSON, or else text.</param>
    /// <param name="k">The option <c>k</c>, which has an argument of its own.</param>
    /// <exception cref="UsageException">An argument has another form, or a name comes twice.</exception>
    public static IReadOnlyDictionary<string, JsonElement> Read(IReadOnlyList<string> settings, double? k)
    {
        var options = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (string setting in settings)
        {
            int sign = setting.IndexOf('=', StringComparison.Ordinal);
            if (sign < 1)
            {
                throw new UsageException($"--set '{setting}' is not of the form name=value.");
            }

            Add(options, setting[..sign], Value(setting[(sign + 1)..]));
        }

        if (k is double count)
        {
            Add(options, "k", count == Math.Floor(count) ? JsonSerializer.SerializeToElement((long)count) : JsonSerializer.SerializeToElement(count));
        }

        return options;
    }

    private static void Add(Dictionary<string, JsonElement> options, string name, JsonElement value)
    {
        if (!options.TryAdd(name, value))
        {
            throw new UsageException($"Option {name} is given twice.");
        }
    }

    private static JsonElement Value(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(text);
        }
    }
}
