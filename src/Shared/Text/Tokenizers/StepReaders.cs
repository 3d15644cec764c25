using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers;

/// <summary>The kinds of a step that this build knows, by the name in <c>type</c>.</summary>
internal static class StepReaders<TStep>
{
    private static readonly SortedDictionary<string, IStepReader<TStep>> s_byType = new(
        typeof(StepReaders<TStep>).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IStepReader<TStep>)))
            .Select(type => (IStepReader<TStep>)Activator.CreateInstance(type, nonPublic: true)!)
            .ToDictionary(reader => reader.Type),
        StringComparer.Ordinal);

    /// <summary>Reads a step of any kind.</summary>
    public static TStep Read(JsonField field)
    {
        JsonField type = field["type"];
        return s_byType.TryGetValue(type.Text(), out IStepReader<TStep>? reader)
            ? reader.Read(field)
            : throw type.Unsupported($"supported are {string.Join(", ", s_byType.Keys)}");
    }

    /// <summary>Reads the steps of a list.</summary>
    public static TStep[] ReadAll(JsonField list)
    {
        return [.. list.Items().Select(Read)];
    }
}
