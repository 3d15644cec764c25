namespace Workbench.Models.Architectures;

/// <summary>Reads which layers attend within a sliding window.</summary>
internal static class WindowFields
{
    private const string Sliding = "sliding_attention";
    private const string Full = "full_attention";

    /// <summary>Completes a config.</summary>
    /// <param name="config">Fields.</param>
    /// <param name="model">What is read so far.</param>
    /// <param name="window">Width of the window; null where the model has none.</param>
    /// <param name="rule">Whether a layer is windowed, where <c>layer_types</c> does not say.</param>
    public static ModelConfig Read(ConfigFields config, ModelConfig model, int? window, Func<int, bool> rule)
    {
        const int MostLayers = 10_000;
        if (model.Layers > MostLayers)
        {
            throw config.Bad("num_hidden_layers", $"at most {MostLayers}");
        }

        bool[] layers = config.Strings("layer_types") is IReadOnlyList<string> types
            ? Types(config, types, model.Layers)
            : [.. Enumerable.Range(0, model.Layers).Select(layer => window is not null && rule(layer))];
        return !layers.Contains(true) ? model
            : window is null ? throw config.Bad("sliding_window", $"a positive integer and in use, since layer_types names {Sliding}")
            : model with { SlidingWindow = window, WindowedLayers = layers };
    }

    private static bool[] Types(ConfigFields config, IReadOnlyList<string> types, int layers)
    {
        return types.Count == layers && types.All(type => type is Sliding or Full)
            ? [.. types.Select(type => type == Sliding)]
            : throw config.Bad("layer_types", $"{layers} times {Sliding} or {Full}");
    }
}
