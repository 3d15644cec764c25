using System.Globalization;

namespace Workbench.Models;

/// <summary>A named place in a transformer, spelled as TransformerLens spells it, for example <c>blocks.3.hook_resid_post</c>.</summary>
public readonly record struct HookPoint
{
    private const string BlockPrefix = "blocks.";

    private static readonly Dictionary<string, HookKind> s_global = new(StringComparer.Ordinal)
    {
        ["hook_embed"] = HookKind.Embed,
        ["hook_pos_embed"] = HookKind.PositionEmbed,
        ["ln_final.hook_normalized"] = HookKind.FinalNormalized,
        ["ln_final.hook_out"] = HookKind.FinalOut,
    };

    private static readonly Dictionary<string, HookKind> s_block = new(StringComparer.Ordinal)
    {
        ["hook_resid_pre"] = HookKind.ResidualPre,
        ["ln1.hook_normalized"] = HookKind.AttentionNormalized,
        ["attn.hook_z"] = HookKind.AttentionZ,
        ["hook_attn_out"] = HookKind.AttentionOut,
        ["hook_resid_mid"] = HookKind.ResidualMid,
        ["hook_mlp_in"] = HookKind.MlpIn,
        ["ln2.hook_normalized"] = HookKind.MlpNormalized,
        ["mlp.hook_post"] = HookKind.MlpPost,
        ["hook_mlp_out"] = HookKind.MlpOut,
        ["hook_resid_post"] = HookKind.ResidualPost,
    };

    private static readonly Dictionary<HookKind, string> s_names =
        s_global.Concat(s_block).ToDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>Creates a hook point.</summary>
    /// <param name="kind">Which place.</param>
    /// <param name="layer">Block, from 0; null for places outside the blocks.</param>
    /// <exception cref="ArgumentException">A place in a block without a block, or the reverse.</exception>
    public HookPoint(HookKind kind, int? layer = null)
    {
        if (s_block.ContainsValue(kind) != layer.HasValue || layer < 0)
        {
            throw new ArgumentException($"Hook {kind} and layer {layer?.ToString(CultureInfo.InvariantCulture) ?? "none"} do not go together.", nameof(layer));
        }

        Kind = kind;
        Layer = layer;
    }

    /// <summary>Which place.</summary>
    public HookKind Kind { get; }

    /// <summary>Block, from 0; null outside the blocks.</summary>
    public int? Layer { get; }

    /// <summary>The name that <see cref="Parse"/> reads.</summary>
    public string Name => Layer is int layer
        ? string.Create(CultureInfo.InvariantCulture, $"{BlockPrefix}{layer}.{s_names[Kind]}")
        : s_names[Kind];

    /// <summary>Grows in the order in which a forward pass reaches the hooks.</summary>
    public long Order => Layer is int layer
        ? ((layer + 1L) * 64) + (int)Kind
        : Kind < HookKind.ResidualPre ? (int)Kind : long.MaxValue - 64 + (int)Kind;

    /// <summary>Reads a name, exactly: no other spelling, no spaces, no leading zeros.</summary>
    /// <exception cref="WorkbenchException">The name is not a hook's.</exception>
    public static HookPoint Parse(string name)
    {
        if (s_global.TryGetValue(name, out HookKind global))
        {
            return new HookPoint(global);
        }

        if (name.StartsWith(BlockPrefix, StringComparison.Ordinal)
            && name.IndexOf('.', BlockPrefix.Length) is var dot and > 0
            && TryLayer(name.AsSpan(BlockPrefix.Length, dot - BlockPrefix.Length), out int layer)
            && s_block.TryGetValue(name[(dot + 1)..], out HookKind kind))
        {
            return new HookPoint(kind, layer);
        }

        throw new WorkbenchException(
            $"'{name}' is not a hook; expected {string.Join(", ", s_global.Keys)}, or blocks.<layer>. followed by {string.Join(", ", s_block.Keys)}.");
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        return Name;
    }

    private static bool TryLayer(ReadOnlySpan<char> text, out int layer)
    {
        layer = 0;
        return text.Length is > 0 and < 6
            && (text[0] != '0' || text.Length == 1)
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out layer);
    }
}
