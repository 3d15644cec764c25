using System.Text;

namespace Workbench.Text.Corpora;

/// <summary>The documentation id of a member, such as <c>M:System.IO.File.ReadAllText(System.String)</c>, taken apart.</summary>
internal sealed class MemberName
{
    private readonly string _parameters;

    public MemberName(string id)
    {
        Id = id;
        string name = id[2..];
        int parenthesis = name.IndexOf('(', StringComparison.Ordinal);
        int conversion = name.IndexOf('~', StringComparison.Ordinal);
        int end = parenthesis >= 0 ? parenthesis : conversion >= 0 ? conversion : name.Length;
        FullName = WithoutArity(name[..end]).Replace(".#ctor", ".Constructor", StringComparison.Ordinal).Replace(".#cctor", ".StaticConstructor", StringComparison.Ordinal).Replace('#', '.');
        _parameters = parenthesis >= 0 ? name[parenthesis..] : string.Empty;
    }

    public string Id { get; }

    /// <summary>Namespace, type and member, without parameters and numbers of type parameters.</summary>
    public string FullName { get; }

    public bool IsType => Id[0] == 'T';

    public string Kind => Id[0] switch
    {
        'T' => "Type",
        'M' when Id.Contains("#ctor", StringComparison.Ordinal) => "Constructor",
        'M' when Id.Contains(".op_", StringComparison.Ordinal) => "Operator",
        'M' => "Method",
        'P' => "Property",
        'F' => "Field",
        'E' => "Event",
        _ => "Namespace",
    };

    /// <summary>The full name with the simple names of the parameters' types.</summary>
    public string Display => (Kind == "Constructor" ? FullName[..FullName.LastIndexOf('.')] : FullName) + ShortParameters();

    /// <summary>The name as running text has it: a type's own name, or type and member.</summary>
    public string Short
    {
        get
        {
            string[] parts = FullName.Split('.');
            return IsType || parts.Length < 2 ? parts[^1] : parts[^1] == "Constructor" ? parts[^2] : $"{parts[^2]}.{parts[^1]}";
        }
    }

    /// <summary>The namespace, given the names of all types, which tell nested types from namespaces.</summary>
    public string Namespace(HashSet<string> types)
    {
        int end = FullName.LastIndexOf('.');
        string scope = end < 0 ? string.Empty : FullName[..end];
        string outermost = IsType ? FullName : scope;
        for (string candidate = outermost; candidate.Length > 0; candidate = Parent(candidate))
        {
            if (types.Contains(candidate))
            {
                outermost = candidate;
            }
        }

        return Parent(outermost);
    }

    private static string Parent(string name)
    {
        int dot = name.LastIndexOf('.');
        return dot < 0 ? string.Empty : name[..dot];
    }

    private static string WithoutArity(string name)
    {
        var text = new StringBuilder(name.Length);
        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] == '`')
            {
                while (i + 1 < name.Length && (name[i + 1] == '`' || char.IsAsciiDigit(name[i + 1])))
                {
                    i++;
                }
            }
            else
            {
                text.Append(name[i]);
            }
        }

        return text.ToString();
    }

    private string ShortParameters()
    {
        if (_parameters.Length == 0)
        {
            return Kind is "Method" or "Constructor" ? "()" : string.Empty;
        }

        // Type parameters are numbered (`0, ``1); readers know them as T and U.
        string named = _parameters.Split('~')[0]
            .Replace("``0", "T", StringComparison.Ordinal).Replace("``1", "U", StringComparison.Ordinal)
            .Replace("`0", "T", StringComparison.Ordinal).Replace("`1", "U", StringComparison.Ordinal);
        var text = new StringBuilder();
        int word = 0;
        string plain = WithoutArity(named).Replace('{', '<').Replace('}', '>').Replace("@", string.Empty, StringComparison.Ordinal);
        foreach (char c in plain)
        {
            switch (c)
            {
                case '.':
                    text.Length = word;
                    break;
                case ',':
                    text.Append(", ");
                    word = text.Length;
                    break;
                default:
                    text.Append(c);
                    word = char.IsLetterOrDigit(c) || c == '_' ? word : text.Length;
                    break;
            }
        }

        return text.ToString();
    }
}
