namespace Workbench.Text.Corpora;

/// <summary>One text as its file has it.</summary>
/// <param name="Name">What a person recognises it by.</param>
/// <param name="Text">The text; an empty one is passed over.</param>
/// <param name="Labels">Its labels by name.</param>
internal readonly record struct TextRecord(string Name, string Text, IReadOnlyDictionary<string, string> Labels)
{
    public static IReadOnlyDictionary<string, string> NoLabels { get; } = new Dictionary<string, string>();
}
