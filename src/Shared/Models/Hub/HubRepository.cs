using System.Text.Json;

namespace Workbench.Models.Hub;

/// <summary>What a hub says of one model at one revision.</summary>
internal sealed class HubRepository(HubConnection connection, HubRetry retry, HubRefusal refusal, HubReference reference)
{
    /// <summary>The commit that the revision stands for, and the names of its files.</summary>
    public async Task<(string Commit, IReadOnlyList<string> Files)> ListAsync(CancellationToken cancellation)
    {
        string what = reference.ToString();
        Uri address = connection.Address($"api/models/{reference.Repository}/revision/{Uri.EscapeDataString(reference.Revision)}");
        byte[] answer = await retry.RunAsync(
            what,
            async () =>
            {
                using HttpResponseMessage response = await connection.GetAsync(address, 0, cancellation);
                refusal.Check(what, response);
                return await response.Content.ReadAsByteArrayAsync(cancellation);
            },
            cancellation);
        try
        {
            using JsonDocument json = JsonDocument.Parse(answer);
            string commit = json.RootElement.GetProperty("sha").GetString() ?? string.Empty;
            string[] files = [.. json.RootElement.GetProperty("siblings").EnumerateArray().Select(file => file.GetProperty("rfilename").GetString() ?? string.Empty)];
            return new HubReference(reference.Owner, reference.Name, commit).IsCommit
                ? (commit, files)
                : throw new WorkbenchException($"The hub names '{commit}' as the commit of {what}; expected 40 hexadecimal digits: check HF_ENDPOINT.");
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new WorkbenchException($"The hub's description of {what} lacks 'sha' or 'siblings'; check HF_ENDPOINT.", malformed);
        }
    }

    /// <summary>Hash and length of a file.</summary>
    public async Task<HubFile> DescribeAsync(string commit, string name, CancellationToken cancellation)
    {
        string what = $"{reference.Repository}/{name}";
        return await retry.RunAsync(
            what,
            async () =>
            {
                using HttpResponseMessage response = await connection.HeadAsync(FileAddress(commit, name), cancellation);
                refusal.Check(what, response);
                if (Header(response, "X-Repo-Commit") is { } found && found != commit)
                {
                    throw new WorkbenchException($"The hub answers for {what} with commit {found} where {commit} was asked for; check HF_ENDPOINT.");
                }

                string etag = (Header(response, "X-Linked-Etag") ?? Header(response, "ETag") ?? string.Empty).Replace("W/", string.Empty, StringComparison.Ordinal).Trim('"');
                string? length = Header(response, "X-Linked-Size") ?? response.Content.Headers.ContentLength?.ToString(System.Globalization.CultureInfo.InvariantCulture);
                return HubHash.IsHash(etag) && long.TryParse(length, out long bytes) && bytes >= 0
                    ? new HubFile(name, etag, bytes)
                    : throw new WorkbenchException($"The hub gives {what} the hash '{etag}' and the length '{length}', by which it cannot be checked; check HF_ENDPOINT.");
            },
            cancellation);
    }

    public Uri FileAddress(string commit, string name)
    {
        return connection.Address($"{reference.Repository}/resolve/{commit}/{Uri.EscapeDataString(name)}");
    }

    private static string? Header(HttpResponseMessage response, string name)
    {
        return response.Headers.NonValidated.TryGetValues(name, out System.Net.Http.Headers.HeaderStringValues values) ? values.ToString() : null;
    }
}
