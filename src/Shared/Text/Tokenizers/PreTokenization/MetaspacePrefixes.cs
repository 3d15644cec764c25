using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.PreTokenization;

/// <summary>Reads a <see cref="MetaspacePrefix"/> in its new and its old form.</summary>
internal static class MetaspacePrefixes
{
    public static MetaspacePrefix Read(JsonField owner)
    {
        JsonField scheme = owner["prepend_scheme"];
        return scheme.TextOrNull() switch
        {
            "always" => MetaspacePrefix.Always,
            "first" => MetaspacePrefix.First,
            "never" => MetaspacePrefix.Never,
            null => owner["add_prefix_space"].Flag(whenAbsent: true) ? MetaspacePrefix.Always : MetaspacePrefix.Never,
            _ => throw scheme.Unsupported("supported are always, first and never"),
        };
    }
}
