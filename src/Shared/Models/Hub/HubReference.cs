using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Workbench.Models.Hub;

/// <summary>A model on a hub: owner, name and the revision (branch, tag or commit).</summary>
/// <param name="Owner">The account that publishes it.</param>
/// <param name="Name">The model's name.</param>
/// <param name="Revision">Branch, tag or commit.</param>
public sealed partial record HubReference(string Owner, string Name, string Revision)
{
    /// <summary>The branch that is meant where none is named.</summary>
    public const string DefaultRevision = "main";

    /// <summary>Owner and name, with a slash between.</summary>
    public string Repository => $"{Owner}/{Name}";

    /// <summary>Whether the revision is a commit, which never changes.</summary>
    internal bool IsCommit => Commit().IsMatch(Revision);

    /// <summary>Reads <c>OWNER/NAME</c> or <c>OWNER/NAME@revision</c>.</summary>
    /// <exception cref="UsageException">The text is not of that form.</exception>
    public static HubReference Parse(string text)
    {
        return TryParse(text, out HubReference? reference)
            ? reference
            : throw new UsageException($"'{text}' names no model of a hub; expected OWNER/NAME or OWNER/NAME@revision.");
    }

    /// <summary>Reads <c>OWNER/NAME</c> or <c>OWNER/NAME@revision</c>; false where the text is not of that form.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out HubReference? reference)
    {
        Match match = Form().Match(text);
        bool valid = match.Success && !text.Contains("..", StringComparison.Ordinal);
        reference = valid
            ? new HubReference(match.Groups["owner"].Value, match.Groups["name"].Value, match.Groups["revision"] is { Success: true } given ? given.Value : DefaultRevision)
            : null;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        return Revision == DefaultRevision ? Repository : $"{Repository}@{Revision}";
    }

    [GeneratedRegex(@"^(?<owner>[A-Za-z0-9_][A-Za-z0-9._-]{0,95})/(?<name>[A-Za-z0-9_][A-Za-z0-9._-]{0,95})(@(?<revision>[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    [GeneratedRegex("^[0-9a-f]{40}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Commit();
}
