namespace Workbench.Text.Corpora;

/// <summary>
/// The documentation of the .NET libraries, which every machine with the SDK holds: one document for each documented member
/// of the reference packs.
/// </summary>
internal static class DotnetDocsCorpus
{
    public const string CorpusName = "dotnet-docs";

    private const double HeldOutShare = 0.05;
    private const int MinimumLength = 40;

    private static readonly string[] s_labelNames = ["namespace", "assembly", "kind"];
    private static readonly Lazy<ICorpus> s_corpus = new(() => Build(ReferencePacks.DocumentationFiles()));

    public static ICorpus Open()
    {
        return s_corpus.Value;
    }

    /// <summary>Builds the corpus of some documentation files.</summary>
    public static ICorpus Build(IEnumerable<string> files)
    {
        List<XmlMember> members = [.. files.SelectMany(XmlMember.ReadAll).DistinctBy(member => member.Name.Id)];
        var types = members.Where(member => member.Name.IsType).Select(member => member.Name.FullName).ToHashSet(StringComparer.Ordinal);
        var rendered = members
            .Select(member => (member.Name, member.Assembly, Text: MemberRenderer.Render(member)))
            .Where(member => member.Text.Length >= MinimumLength)
            .OrderBy(member => StableHash.Of("order", member.Name.Id))
            .ThenBy(member => member.Name.Id, StringComparer.Ordinal)
            .DistinctBy(member => Body(member.Text));
        var documents = new List<Document>();
        var heldOut = new List<bool>();
        foreach ((MemberName name, string assembly, string text) in rendered)
        {
            var labels = new Dictionary<string, string>
            {
                ["namespace"] = name.Namespace(types),
                ["assembly"] = assembly,
                ["kind"] = name.Kind,
            };
            documents.Add(new Document(documents.Count, name.Display, text, labels));

            // By type and member without parameters: overloads share their text and must fall on the same side.
            heldOut.Add(StableHash.IsInShare("held-out", name.FullName, HeldOutShare));
        }

        return new DocumentListCorpus(CorpusName, s_labelNames, documents, heldOut);
    }

    /// <summary>Everything below the title: overloads that repeat each other's words count once.</summary>
    private static string Body(string text)
    {
        return text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..];
    }
}
