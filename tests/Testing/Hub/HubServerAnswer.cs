using System.Text;

namespace Workbench.Testing.Hub;

/// <summary>Writes what a hub answers to one request; the connection ends with it.</summary>
internal sealed class HubServerAnswer(HubServerRequest request, Stream stream)
{
    private const int PieceBytes = 1 << 14;

    public Task StatusAsync(int status, params string[] headers)
    {
        return HeadAsync(status, ["Content-Length: 0", .. headers]);
    }

    public Task RedirectAsync(int status, string location, string hash, long bytes)
    {
        return HeadAsync(status, [$"Location: {location}", $"X-Linked-Etag: \"{hash}\"", $"X-Linked-Size: {bytes}", $"X-Repo-Commit: {HubServer.Commit}", "Content-Length: 0"]);
    }

    public async Task ContentAsync(byte[] content, string etag, HubServerFile file)
    {
        long from = file.IgnoresRanges ? 0 : request.From;
        byte[] body = content[(int)from..];
        string[] range = from > 0 ? [$"Content-Range: bytes {from}-{content.Length - 1}/{content.Length}"] : [];
        await HeadAsync(from > 0 ? 206 : 200, [$"ETag: {etag}", "Accept-Ranges: bytes", $"X-Repo-Commit: {HubServer.Commit}", $"Content-Length: {body.Length}", .. range]);
        if (request.Method == "HEAD")
        {
            return;
        }

        if (file.IsForged)
        {
            body = [.. body.Select(value => (byte)(value ^ 1))];
        }

        bool breaks = file.BreakAfter < body.Length && file.Breaks-- > 0;
        Memory<byte> sent = body.AsMemory(0, breaks ? file.BreakAfter!.Value : body.Length);
        if (file.Pause == default)
        {
            await stream.WriteAsync(sent);
            return;
        }

        for (int start = 0; start < sent.Length; start += PieceBytes)
        {
            await stream.WriteAsync(sent.Slice(start, Math.Min(PieceBytes, sent.Length - start)));
            await Task.Delay(file.Pause);
        }
    }

    private async Task HeadAsync(int status, IEnumerable<string> headers)
    {
        request.Answer = status;
        string head = string.Join("\r\n", [$"HTTP/1.1 {status} Status", .. headers, "Connection: close", "", ""]);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
    }
}
