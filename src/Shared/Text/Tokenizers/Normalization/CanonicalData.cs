using System.Globalization;
using System.Reflection;

namespace Workbench.Text.Tokenizers;

/// <summary>
/// Canonical decompositions, compositions and combining classes. The runtime has none of them where it runs without ICU, as
/// these programs do.
/// </summary>
internal sealed class CanonicalData
{
    private const string Resource = "Workbench.Text.Tokenizers.Normalization.canonical.txt";

    private readonly Dictionary<int, int[]> _decompositions = [];
    private readonly Dictionary<(int, int), int> _compositions = [];
    private readonly Dictionary<int, int> _classes = [];
    private readonly HashSet<int> _unstable = [];

    private CanonicalData()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            Read(line.Split(' '));
        }
    }

    public static CanonicalData Instance => Holder.Data;

    public int ClassOf(int code)
    {
        return _classes.GetValueOrDefault(code);
    }

    /// <summary>Whether the character can make a text differ from its normal form C.</summary>
    public bool IsUnstable(int code)
    {
        return _unstable.Contains(code) || HangulSyllables.IsVowelOrFinal(code);
    }

    public int? Compose(int first, int second)
    {
        return HangulSyllables.Compose(first, second) ?? (_compositions.TryGetValue((first, second), out int code) ? code : null);
    }

    /// <summary>Appends the full canonical decomposition of a character.</summary>
    public void Decompose(int code, List<int> parts)
    {
        if (HangulSyllables.Decompose(code, parts))
        {
            return;
        }

        if (!_decompositions.TryGetValue(code, out int[]? direct))
        {
            parts.Add(code);
            return;
        }

        foreach (int part in direct)
        {
            Decompose(part, parts);
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

    private static int Code(string field)
    {
        return int.Parse(field, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    private static class Holder
    {
        public static CanonicalData Data { get; } = new();
    }
}
