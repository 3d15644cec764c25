using System.Text;
using System.Xml.Linq;

namespace Workbench.Text.Corpora;

/// <summary>Writes a documented member as one readable text.</summary>
internal static class MemberRenderer
{
    /// <summary>The text, or an empty one where the member has no documentation.</summary>
    public static string Render(XmlMember member)
    {
        XElement element = member.Element;
        var text = new StringBuilder();
        Section(text, string.Empty, element.Element("summary"));
        List(text, "Type parameters:", element.Elements("typeparam"), item => item.Attribute("name")?.Value);
        List(text, "Parameters:", element.Elements("param"), item => item.Attribute("name")?.Value);
        Section(text, "Returns: ", element.Element("returns"));
        Section(text, "Value: ", element.Element("value"));
        List(text, "Exceptions:", element.Elements("exception"), item => CrefText(item.Attribute("cref")?.Value));
        Section(text, "Remarks: ", element.Element("remarks"));
        return text.Length == 0 ? string.Empty : $"{member.Name.Kind} {member.Name.Display}\n{text}".TrimEnd();
    }

    private static void Section(StringBuilder text, string title, XElement? element)
    {
        string content = element is null ? string.Empty : Content(element);
        if (content.Length > 0)
        {
            text.Append(title).Append(content).Append('\n');
        }
    }

    private static void List(StringBuilder text, string title, IEnumerable<XElement> items, Func<XElement, string?> name)
    {
        bool first = true;
        foreach (XElement item in items)
        {
            string content = Content(item);
            if (content.Length == 0)
            {
                continue;
            }

            text.Append(first ? title + "\n" : string.Empty).Append("- ").Append(name(item)).Append(": ").Append(content).Append('\n');
            first = false;
        }
    }

    private static string Content(XElement element)
    {
        var raw = new StringBuilder();
        Append(raw, element);
        IEnumerable<string> lines = raw.ToString().Split('\v').Select(Collapse).Where(line => line.Length > 0);
        return string.Join('\n', lines);
    }

    /// <summary>Appends the text of an element; a vertical tab marks where a line ends.</summary>
    private static void Append(StringBuilder text, XElement element)
    {
        foreach (XNode node in element.Nodes())
        {
            if (node is XText plain)
            {
                text.Append(plain.Value);
            }
            else if (node is XElement child)
            {
                AppendElement(text, child);
            }
        }
    }

    private static void AppendElement(StringBuilder text, XElement element)
    {
        switch (element.Name.LocalName)
        {
            case "see" or "seealso" when element.Attribute("langword") is { } word:
                text.Append(word.Value);
                break;
            case "see" or "seealso" when element.IsEmpty || element.Value.Length == 0:
                text.Append(CrefText(element.Attribute("cref")?.Value ?? element.Attribute("href")?.Value));
                break;
            case "paramref" or "typeparamref":
                text.Append(element.Attribute("name")?.Value);
                break;
            case "para" or "code" or "br" or "list" or "term" or "listheader":
                text.Append('\v');
                Append(text, element);
                text.Append('\v');
                break;
            case "item":
                text.Append("\v- ");
                Append(text, element);
                break;
            default:
                Append(text, element);
                break;
        }
    }

    private static string CrefText(string? cref)
    {
        return cref is { Length: > 2 } && cref[1] == ':' ? new MemberName(cref).Short : cref ?? string.Empty;
    }

    private static string Collapse(string line)
    {
        return string.Join(' ', line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
