using System.Net;
using System.Net.Http.Headers;

namespace Workbench.Models.Hub;

/// <summary>
/// Sends requests to a hub. Redirects are followed here, so that the token goes to the hub alone and never to the store of large
/// files that it points to.
/// </summary>
internal sealed class HubConnection : IDisposable
{
    private const int MaxRedirects = 8;

    private readonly HubSettings _settings;
    private readonly HttpClient _http;

    public HubConnection(HubSettings settings)
    {
        _settings = settings;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = settings.StallTimeout,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public Uri Address(string path)
    {
        return new Uri(_settings.Endpoint.AbsoluteUri.TrimEnd('/') + "/" + path);
    }

    /// <summary>The answer of the last server of a chain of redirects, whatever its status.</summary>
    public async Task<HttpResponseMessage> GetAsync(Uri address, long from, CancellationToken cancellation)
    {
        for (int redirects = 0; redirects <= MaxRedirects; redirects++)
        {
            HttpResponseMessage answer = await SendAsync(HttpMethod.Get, address, from, cancellation);
            if (Target(address, answer) is not { } next)
            {
                return answer;
            }

            answer.Dispose();
            address = next;
        }

        throw new WorkbenchException($"{_settings.Endpoint} redirects more than {MaxRedirects} times; check HF_ENDPOINT.");
    }

    /// <summary>The hub's own answer about a file. Redirects within the hub (a renamed model) are followed, those to a store are not.</summary>
    public async Task<HttpResponseMessage> HeadAsync(Uri address, CancellationToken cancellation)
    {
        for (int redirects = 0; redirects <= MaxRedirects; redirects++)
        {
            HttpResponseMessage answer = await SendAsync(HttpMethod.Head, address, 0, cancellation);
            if (answer.Headers.Contains("X-Linked-Etag") || Target(address, answer) is not { } next || !IsHub(next))
            {
                return answer;
            }

            answer.Dispose();
            address = next;
        }

        throw new WorkbenchException($"{_settings.Endpoint} redirects more than {MaxRedirects} times; check HF_ENDPOINT.");
    }

    public void Dispose()
    {
        _http.Dispose();
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, long from, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Headers.UserAgent.ParseAdd("workbench-harvest");
        request.Headers.AcceptEncoding.ParseAdd("identity");
        if (_settings.Token is { } token && IsHub(address))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (from > 0)
        {
            request.Headers.Range = new RangeHeaderValue(from, null);
        }

        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stall.CancelAfter(_settings.StallTimeout);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new HttpRequestException($"{address.Authority} did not answer within {_settings.StallTimeout.TotalSeconds:F0} s");
        }
    }

    private static Uri? Target(Uri address, HttpResponseMessage answer)
    {
        bool redirects = (int)answer.StatusCode is 301 or 302 or 303 or 307 or 308;
        if (!redirects || answer.Headers.Location is not { } location)
        {
            return null;
        }

        var target = new Uri(address, location);
        return target.Scheme == address.Scheme || target.Scheme == Uri.UriSchemeHttps
            ? target
            : throw new WorkbenchException($"{address.Authority} redirects to the unprotected address {target.Authority}; nothing was fetched from there.");
    }

    private bool IsHub(Uri address)
    {
        return Uri.Compare(address, _settings.Endpoint, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;
    }
}
