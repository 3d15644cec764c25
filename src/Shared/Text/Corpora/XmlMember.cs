using System.Xml;
using System.Xml.Linq;

namespace Workbench.Text.Corpora;

/// <summary>One member element of a documentation file.</summary>
internal sealed record XmlMember(MemberName Name, string Assembly, XElement Element)
{
    /// <summary>The members of a file, in its order.</summary>
    public static IEnumerable<XmlMember> ReadAll(string path)
    {
        XDocument document;
        try
        {
            document = XDocument.Load(path, LoadOptions.PreserveWhitespace);
        }
        catch (XmlException failure)
        {
            throw new WorkbenchException($"{path} is not a valid documentation file ({failure.Message}); repair the .NET SDK.", failure);
        }

        string assembly = document.Root?.Element("assembly")?.Element("name")?.Value.Trim() ?? Path.GetFileNameWithoutExtension(path);
        foreach (XElement member in document.Root?.Element("members")?.Elements("member") ?? [])
        {
            string? id = member.Attribute("name")?.Value;
            if (id is { Length: > 2 } && id[1] == ':')
            {
                yield return new XmlMember(new MemberName(id), assembly, member);
            }
        }
    }
}
