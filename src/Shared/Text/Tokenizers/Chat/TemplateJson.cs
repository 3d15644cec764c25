using System.Globalization;
using System.Text;

namespace Workbench.Text.Tokenizers.Chat;

/// <summary>The filter <c>tojson</c> as transformers defines it: Python's json.dumps without escaping of non-ASCII characters.</summary>
internal static class TemplateJson
{
    public static string Write(object? value, int? indent)
    {
        var output = new StringBuilder();
        Write(value, indent, 0, output);
        return output.ToString();
    }

    private static void Write(object? value, int? indent, int depth, StringBuilder output)
    {
        switch (value)
        {
            case null:
                output.Append("null");
                break;
            case bool flag:
                output.Append(flag ? "true" : "false");
                break;
            case string text:
                WriteText(text, output);
                break;
            case List<object?> list:
                WriteAll('[', list, ']', item => Write(item, indent, depth + 1, output), indent, depth, output);
                break;
            case Dictionary<string, object?> map:
                WriteAll('{', map, '}', Member, indent, depth, output);
                break;
            case long or double:
                output.Append(TemplateValues.Print(value));
                break;
            default:
                throw TemplateError.Running($"it writes {TemplateValues.Name(value)} as JSON");
        }

        void Member(KeyValuePair<string, object?> member)
        {
            WriteText(member.Key, output);
            output.Append(": ");
            Write(member.Value, indent, depth + 1, output);
        }
    }

    private static void WriteAll<T>(
        char open, IReadOnlyCollection<T> items, char close, Action<T> write, int? indent, int depth, StringBuilder output)
    {
        output.Append(open);
        bool first = true;
        foreach (T item in items)
        {
            output.Append(first ? "" : indent is null ? ", " : ",");
            first = false;
            NewLine(depth + 1);
            write(item);
        }

        if (items.Count > 0)
        {
            NewLine(depth);
        }

        output.Append(close);

        void NewLine(int level)
        {
            if (indent is { } width)
            {
                output.Append('\n').Append(' ', width * level);
            }
        }
    }

    private static void WriteText(string text, StringBuilder output)
    {
        output.Append('"');
        foreach (char character in text)
        {
            _ = character switch
            {
                '"' => output.Append("\\\""),
                '\\' => output.Append(@"\\"),
                '\n' => output.Append(@"\n"),
                '\r' => output.Append(@"\r"),
                '\t' => output.Append(@"\t"),
                '\b' => output.Append(@"\b"),
                '\f' => output.Append(@"\f"),
                < ' ' => output.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => output.Append(character),
            };
        }

        output.Append('"');
    }
}
