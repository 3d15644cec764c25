using System.Globalization;
using System.Reflection;

namespace Workbench.Text.Tokenizers.Normalization;

/// <summary>
/// Decompositions, compositions and combining classes. The runtime has none of them where it runs without ICU, as these
/// programs do.
/// </summary>
internal sealed class DecompositionData
{
    private const string Folder = "Workbench.Text.Tokenizers.Normalization.";

    private readonly Dictionary<int, int[]> _decompositions = [];
    private readonly Dictionary<(int, int), int> _compositions = [];
    private readonly Dictionary<int, int> _classes = [];
    private readonly Dictionary<int, int[]> _compatible = [];
    private readonly HashSet<int> _unstable = [];

    private DecompositionData()
    {
        foreach (string[] fields in Lines("canonical.txt"))
        {
            Read(fields);
        }

        foreach (string[] fields in Lines("compatibility.txt"))
        {
            _compatible.Add(Code(fields[0]), [.. fields.Skip(1).Select(Code)]);
        }
    }

    public static DecompositionData Instance => Holder.Data;

    public int ClassOf(int code)
    {
        return _classes.GetValueOrDefault(code);
    }

    /// <summary>Whether the character can make a text differ from its normal form C.</summary>
    public bool IsUnstable(int code)
    {
        return _unstable.Contains(code) || HangulSyllables.IsVowelOrFinal(code);
    }

    /// <summary>Whether the character has a decomposition or a combining class.</summary>
    public bool Decomposes(int code, bool compatibility)
    {
        return _decompositions.ContainsKey(code) || _classes.ContainsKey(code) || HangulSyllables.IsSyllable(code)
            || (compatibility && _compatible.ContainsKey(code));
    }

    public int? Compose(int first, int second)
    {
        return HangulSyllables.Compose(first, second) ?? (_compositions.TryGetValue((first, second), out int code) ? code : null);
    }

    /// <summary>Appends the full decomposition of a character.</summary>
    public void Decompose(int code, bool compatibility, List<int> parts)
    {
        if (HangulSyllables.Decompose(code, parts))
        {
            return;
        }

        if (!_decompositions.TryGetValue(code, out int[]? direct) && !(compatibility && _compatible.TryGetValue(code, out direct)))
        {
            parts.Add(code);
            return;
        }

        foreach (int part in direct)
        {
            Decompose(part, compatibility, parts);
        }
    }

    private void Read(string[] fields)
    {
        if (fields[0] == "class")
        {
            for (int code = Code(fields[1]); code <= Code(fields[2]); code++)
            {
                _classes[code] = int.Parse(fields[3], CultureInfo.InvariantCulture);
                _unstable.Add(code);
            }
        }
        else if (fields[0] is "pair" or "only")
        {
            int code = Code(fields[1]);
            int[] parts = [.. fields.Skip(2).Select(Code)];
            _decompositions.Add(code, parts);
            if (fields[0] == "only")
            {
                _unstable.Add(code);
            }
            else
            {
                _compositions.Add((parts[0], parts[1]), code);
                _unstable.Add(parts[1]);
            }
        }
    }

    private static IEnumerable<string[]> Lines(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Folder + name)!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                yield return line.Split(' ');
            }
        }
    }

    private static int Code(string field)
    {
        return int.Parse(field, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    private static class Holder
    {
        public static DecompositionData Data { get; } = new();
    }
}
