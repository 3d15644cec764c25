namespace Workbench.Models.Hub;

/// <summary>Where a hub is and how to fetch from it.</summary>
public sealed record HubSettings
{
    private const string DefaultEndpoint = "https://huggingface.co";

    private static readonly TimeSpan DefaultStallTimeout = TimeSpan.FromSeconds(60);

    /// <summary>The hub's address.</summary>
    public Uri Endpoint { get; init; } = new(DefaultEndpoint);

    /// <summary>The access token, sent to the endpoint alone; null for none.</summary>
    public string? Token { get; init; }

    /// <summary>The cache folder, in the layout of the hub's official client.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>Whether nothing is sent to the hub and the cache alone is used.</summary>
    public bool Offline { get; init; }

    /// <summary>Files fetched at the same time.</summary>
    public int Parallel { get; init; } = 4;

    /// <summary>Times that a request or a broken transfer is tried before it is given up.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>The pause before the second attempt; it doubles with each further one.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a server may send nothing before the connection counts as broken.</summary>
    public TimeSpan StallTimeout { get; init; } = DefaultStallTimeout;

    /// <summary>
    /// The settings in the environment, by the official client's variables: <c>HF_ENDPOINT</c>; the token from <c>HF_TOKEN</c>,
    /// <c>HUGGING_FACE_HUB_TOKEN</c> or the file of a login (<c>HF_TOKEN_PATH</c>, else <c>HF_HOME</c>/token); the cache from
    /// <c>HF_HUB_CACHE</c>, <c>HUGGINGFACE_HUB_CACHE</c>, <c>HF_HOME</c>/hub, <c>XDG_CACHE_HOME</c>/huggingface/hub or
    /// <c>~/.cache/huggingface/hub</c>, the first that is set; <c>HF_HUB_OFFLINE</c> or <c>TRANSFORMERS_OFFLINE</c>; and
    /// <c>HF_HUB_DOWNLOAD_TIMEOUT</c> in seconds.
    /// </summary>
    /// <param name="variable">Reads a variable; by default of this process.</param>
    /// <exception cref="WorkbenchException">The endpoint is no http or https address, or a token's file cannot be read.</exception>
    public static HubSettings FromEnvironment(Func<string, string?>? variable = null)
    {
        var environment = new HubEnvironment(variable ?? Environment.GetEnvironmentVariable);
        string endpoint = environment.Value("HF_ENDPOINT") ?? DefaultEndpoint;
        bool isAddress = Uri.TryCreate(endpoint.TrimEnd('/'), UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https";
        return new HubSettings
        {
            Endpoint = isAddress ? address! : throw new WorkbenchException($"HF_ENDPOINT is '{endpoint}'; expected an address such as {DefaultEndpoint}."),
            Token = environment.Token(),
            CacheFolder = environment.CacheFolder,
            Offline = environment.IsTrue("HF_HUB_OFFLINE") || (environment.Value("HF_HUB_OFFLINE") is null && environment.IsTrue("TRANSFORMERS_OFFLINE")),
            StallTimeout = environment.Seconds("HF_HUB_DOWNLOAD_TIMEOUT") ?? DefaultStallTimeout,
        };
    }
}
