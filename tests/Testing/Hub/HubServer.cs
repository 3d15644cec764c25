using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Workbench.Testing.Hub;

/// <summary>
/// A small hub on the loopback address: a model's description, small files by git hash, large files by a redirect with a signed
/// query to a store of another address. Faults are set by name.
/// </summary>
public sealed class HubServer : IDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";
    private const string Signature = "Signature=4f2a%2Bz&Expires=99";

    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _hub = new(IPAddress.Loopback, 0);
    private readonly TcpListener _store = new(IPAddress.Loopback, 0);
    private readonly Task[] _loops;

    public HubServer(string repository)
    {
        Repository = repository;
        _hub.Start();
        _store.Start();
        _loops = [AcceptAsync(_hub), AcceptAsync(_store)];
    }

    public string Repository { get; }

    public Uri Endpoint => new($"http://{_hub.LocalEndpoint}");

    public Dictionary<string, HubServerFile> Files { get; } = [];

    /// <summary>The token that the hub asks for; null for none.</summary>
    public string? Token { get; set; }

    /// <summary>Whether the hub keeps the repository for accounts that accepted its terms, which no token here has.</summary>
    public bool IsGated { get; set; }

    /// <summary>Whether small files come by way of a redirect within the hub, as the field's hub has it since 2025.</summary>
    public bool RedirectsSmallFiles { get; set; }

    /// <summary>Errors that the next requests get, before anything else.</summary>
    public ConcurrentQueue<int> NextStatuses { get; } = new();

    public ConcurrentQueue<HubServerRequest> Requests { get; } = new();

    public void Add(string name, byte[] content, bool large = false)
    {
        Files[name] = new HubServerFile(content, large);
    }

    public IEnumerable<HubServerRequest> Transfers(string name)
    {
        return Requests.Where(request => request.File == name && request.Method == "GET" && request.Answer is 200 or 206);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _hub.Stop();
        _store.Stop();
        Task.WaitAll(_loops);
        _stop.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                Socket socket = await listener.AcceptSocketAsync(_stop.Token);
                _ = Task.Run(() => ServeAsync(socket, isStore: listener == _store));
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(Socket socket, bool isStore)
    {
        try
        {
            using var stream = new NetworkStream(socket, ownsSocket: true);
            HubServerRequest request = await HubServerRequest.ReadAsync(stream);
            Requests.Enqueue(request);
            var answer = new HubServerAnswer(request, stream);
            await (isStore ? StoreAsync(request, answer) : HubAsync(request, answer));
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException)
        {
            // The client went away, as some tests make it do.
        }
    }

    private Task HubAsync(HubServerRequest request, HubServerAnswer answer)
    {
        if (NextStatuses.TryDequeue(out int status))
        {
            return answer.StatusAsync(status);
        }

        if (Token is not null && request.Authorization != $"Bearer {Token}")
        {
            return answer.StatusAsync(401);
        }

        if (IsGated)
        {
            return answer.StatusAsync(request.Authorization is null ? 401 : 403, "X-Error-Code: GatedRepo", "X-Error-Message: Access to model is restricted.");
        }

        string path = Uri.UnescapeDataString(request.Path);
        if (path == $"/api/models/{Repository}/revision/main" || path == $"/api/models/{Repository}/revision/{Commit}")
        {
            var model = new { id = Repository, sha = Commit, siblings = Files.Keys.Select(name => new { rfilename = name }) };
            return answer.ContentAsync(JsonSerializer.SerializeToUtf8Bytes(model), "\"description\"", HubServerFile.Sound);
        }

        string prefix = $"/{Repository}/resolve/{Commit}/";
        string moved = $"/api/resolve-cache/models/{Repository}/{Commit}/";
        bool isMoved = path.StartsWith(moved, StringComparison.Ordinal);
        request.File = isMoved ? path[moved.Length..] : path.StartsWith(prefix, StringComparison.Ordinal) ? path[prefix.Length..] : null;
        if (request.File is null || !Files.TryGetValue(request.File, out HubServerFile? file))
        {
            return Absent(path, answer);
        }

        return file.IsLarge ? answer.RedirectAsync(302, $"http://{_store.LocalEndpoint}/objects/{file.Sha256}?{Signature}", file.Sha256, file.ClaimedBytes ?? file.Content.Length)
            : RedirectsSmallFiles && !isMoved ? answer.RedirectAsync(307, moved + request.File, file.GitHash, file.Content.Length)
            : answer.ContentAsync(file.Content, $"\"{file.GitHash}\"", file);
    }

    private Task Absent(string path, HubServerAnswer answer)
    {
        string code = path.StartsWith($"/{Repository}/resolve/", StringComparison.Ordinal) ? "EntryNotFound"
            : path.StartsWith($"/api/models/{Repository}/", StringComparison.Ordinal) ? "RevisionNotFound"
            : "RepoNotFound";
        return answer.StatusAsync(404, $"X-Error-Code: {code}");
    }

    private Task StoreAsync(HubServerRequest request, HubServerAnswer answer)
    {
        (string? name, HubServerFile? file) = Files.FirstOrDefault(pair => request.Path == $"/objects/{pair.Value.Sha256}");
        request.File = name;

        // As the stores of the field do: a signed query and another authorization are one too many.
        bool accepted = file is not null && request.Query == Signature && request.Authorization is null;
        return accepted ? answer.ContentAsync(file!.Content, "\"store\"", file) : answer.StatusAsync(400);
    }
}
