using System.Net;

namespace Workbench.Explorer.Hosting;

/// <summary>A checked address to listen at.</summary>
internal sealed record ListenAddress(string Url, bool IsLoopback)
{
    private const int ShortestToken = 16;

    /// <summary>Reads an address; one that other machines can reach needs a token.</summary>
    /// <exception cref="UsageException">Not an http address, or a token is missing or too short.</exception>
    public static ListenAddress Parse(string url, string? token)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https") || uri.AbsolutePath != "/")
        {
            throw new UsageException($"--urls is '{url}', where one address such as http://127.0.0.1:5210 was expected.");
        }

        bool loopback = uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out IPAddress? ip) && IPAddress.IsLoopback(ip));
        if (token is { Length: < ShortestToken })
        {
            throw new UsageException($"--token has {token.Length} characters, where at least {ShortestToken} were expected; choose a longer one.");
        }

        return loopback || token is not null
            ? new ListenAddress(uri.GetLeftPart(UriPartial.Authority), loopback)
            : throw new UsageException($"--urls {url} can be reached from other machines, which needs an access token; add --token or listen at 127.0.0.1.");
    }
}
