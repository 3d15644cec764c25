namespace Workbench.Models.Hub;

/// <summary>Where a hub is and how to fetch from it.</summary>
public sealed record HubSettings
{
    private const string DefaultEndpoint = "https://huggingface.co";

    /// <summary>The hub's address.</summary>
    public Uri Endpoint { get; init; } = new(DefaultEndpoint);

    /// <summary>The access token, sent to the endpoint alone; null for none.</summary>
    public string? Token { get; init; }

    /// <summary>The cache folder, in the layout of the hub's official client.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>Files fetched at the same time.</summary>
    public int Parallel { get; init; } = 4;

    /// <summary>Times that a request or a broken transfer is tried before it is given up.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>The pause before the second attempt; it doubles with each further one.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a server may send nothing before the connection counts as broken.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The settings in the environment, by the official client's variables: <c>HF_ENDPOINT</c>, <c>HF_TOKEN</c>, and for the cache
    /// <c>HF_HUB_CACHE</c>, <c>HUGGINGFACE_HUB_CACHE</c>, <c>HF_HOME</c>/hub, <c>XDG_CACHE_HOME</c>/huggingface/hub or
    /// <c>~/.cache/huggingface/hub</c>, the first that is set.
    /// </summary>
    /// <param name="variable">Reads a variable; by default of this process.</param>
    /// <exception cref="WorkbenchException">The endpoint is no http or https address.</exception>
    public static HubSettings FromEnvironment(Func<string, string?>? variable = null)
    {
        Func<string, string?> read = variable ?? Environment.GetEnvironmentVariable;
        string? Value(string name) => read(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

        string endpoint = Value("HF_ENDPOINT") ?? DefaultEndpoint;
        bool isAddress = Uri.TryCreate(endpoint.TrimEnd('/'), UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https";
        string home = Value("HF_HOME")
            ?? Path.Combine(
                Value("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
                "huggingface");
        return new HubSettings
        {
            Endpoint = isAddress ? address! : throw new WorkbenchException($"HF_ENDPOINT is '{endpoint}'; expected an address such as {DefaultEndpoint}."),
            Token = Value("HF_TOKEN"),
            CacheFolder = Path.GetFullPath(Value("HF_HUB_CACHE") ?? Value("HUGGINGFACE_HUB_CACHE") ?? Path.Combine(home, "hub")),
        };
    }
}
