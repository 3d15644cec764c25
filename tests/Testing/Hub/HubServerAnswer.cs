using System.Text;

namespace Workbench.Testing.Hub;

/// <summary>Writes what a hub answers to one request; the connection ends with it.</summary>
internal sealed class HubServerAnswer(HubServerRequest request, Stream stream)
{
    public Task StatusAsync(int status)
    {
        return HeadAsync(status, ["Content-Length: 0"]);
    }

    public Task RedirectAsync(string location, string sha256, long bytes)
    {
        return HeadAsync(302, [$"Location: {location}", $"X-Linked-Etag: \"{sha256}\"", $"X-Linked-Size: {bytes}", "Content-Length: 0"]);
    }

    public async Task ContentAsync(byte[] content, string etag, HubServerFile file)
    {
        long from = file.IgnoresRanges ? 0 : request.From;
        byte[] body = content[(int)from..];
        string[] range = from > 0 ? [$"Content-Range: bytes {from}-{content.Length - 1}/{content.Length}"] : [];
        await HeadAsync(from > 0 ? 206 : 200, [$"ETag: {etag}", "Accept-Ranges: bytes", $"Content-Length: {body.Length}", .. range]);
        if (request.Method == "HEAD")
        {
            return;
        }

        if (file.IsForged)
        {
            body = [.. body.Select(value => (byte)(value ^ 1))];
        }

        bool breaks = file.BreakAfter < body.Length && file.Breaks-- > 0;
        await stream.WriteAsync(body.AsMemory(0, breaks ? file.BreakAfter!.Value : body.Length));
    }

    private async Task HeadAsync(int status, IEnumerable<string> headers)
    {
        request.Answer = status;
        string head = string.Join("\r\n", [$"HTTP/1.1 {status} Status", .. headers, "Connection: close", "", ""]);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
    }
}
