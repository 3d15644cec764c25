using System.Globalization;
using System.Text;

namespace Workbench.Testing.Hub;

/// <summary>A request that came to a hub.</summary>
public sealed class HubServerRequest
{
    public required string Method { get; init; }

    public required string Path { get; init; }

    public required string Query { get; init; }

    public required string? Authorization { get; init; }

    /// <summary>The first byte of the range asked for; 0 for the whole.</summary>
    public required long From { get; init; }

    /// <summary>The file that it is about.</summary>
    public string? File { get; set; }

    /// <summary>The status it got.</summary>
    public int Answer { get; set; }

    internal static async Task<HubServerRequest> ReadAsync(Stream stream)
    {
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head.Append(await stream.ReadAsync(one) == 1 ? (char)one[0] : throw new IOException("The client left."));
        }

        string[] lines = head.ToString().Split("\r\n");
        string[] first = lines[0].Split(' ');
        string[] target = first[1].Split('?', 2);
        string? range = Header(lines, "Range");
        return new HubServerRequest
        {
            Method = first[0],
            Path = target[0],
            Query = target.Length > 1 ? target[1] : string.Empty,
            Authorization = Header(lines, "Authorization"),
            From = range is null ? 0 : long.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture),
        };
    }

    private static string? Header(string[] lines, string name)
    {
        return lines.FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
    }
}
