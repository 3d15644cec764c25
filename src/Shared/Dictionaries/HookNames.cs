using System.Globalization;
using System.Text.RegularExpressions;
using Workbench.Models;

namespace Workbench.Dictionaries;

/// <summary>
/// From a peer's own name of a place in a model to a hook point. A dictionary keeps the peer's name; this is asked only where it is
/// attached to a model. Names are known that leave no doubt: paths of Hugging Face's modules whose output is a hook point's value.
/// </summary>
public static partial class HookNames
{
    /// <summary>The hook point of a name, or null where it leaves a doubt.</summary>
    /// <param name="name">TransformerLens' name, a module's path (<c>layers.3</c>, <c>transformer.h.0.mlp</c>), or dictionary_learning's.</param>
    /// <param name="isInput">Whether a transcoder reads there: the path of a module then says nothing of which side of it is meant.</param>
    public static HookPoint? Find(string name, bool isInput = false)
    {
        try
        {
            return HookPoint.Parse(name);
        }
        catch (WorkbenchException)
        {
            return isInput ? null : FromPath(name);
        }
    }

    private static HookPoint? FromPath(string name)
    {
        if (Embedding().IsMatch(name))
        {
            return new HookPoint(HookKind.Embed);
        }

        Match match = Block().Match(name) is { Success: true } block ? block : ResidualPost().Match(name);
        if (!match.Success || !int.TryParse(match.Groups["layer"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int layer))
        {
            return null;
        }

        return new HookPoint(match.Groups["mlp"].Success ? HookKind.MlpOut : HookKind.ResidualPost, layer);
    }

    [GeneratedRegex(@"^(?:(?:model|gpt_neox)\.)?(?:embed_tokens|embed_in)$|^(?:transformer\.)?wte$", RegexOptions.CultureInvariant)]
    private static partial Regex Embedding();

    [GeneratedRegex(@"^(?:(?:model|gpt_neox)\.)?layers\.(?<layer>[0-9]{1,4})(?<mlp>\.mlp)?(?:\.output)?$|^(?:transformer\.)?h\.(?<layer>[0-9]{1,4})(?<mlp>\.mlp)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Block();

    [GeneratedRegex(@"^resid_post_layer_(?<layer>[0-9]{1,4})$", RegexOptions.CultureInvariant)]
    private static partial Regex ResidualPost();
}
