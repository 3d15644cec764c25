namespace Workbench.Models.Architectures;

/// <summary>Names of activations in config.json.</summary>
internal static class ActivationNames
{
    private static readonly Dictionary<string, Activation> s_byName = new(StringComparer.Ordinal)
    {
        ["silu"] = Activation.Silu,
        ["swish"] = Activation.Silu,
        ["gelu"] = Activation.ErfGelu,
        ["gelu_new"] = Activation.TanhGelu,
        ["gelu_pytorch_tanh"] = Activation.TanhGelu,
    };

    /// <summary>Reads a field.</summary>
    /// <param name="config">The config.</param>
    /// <param name="field">The field.</param>
    /// <param name="fallback">Name to take where it is absent or null.</param>
    public static Activation Read(ConfigFields config, string field, string fallback)
    {
        return s_byName.TryGetValue(config.String(field, fallback), out Activation activation)
            ? activation
            : throw config.Bad(field, $"one of {string.Join(", ", s_byName.Keys)}");
    }
}
