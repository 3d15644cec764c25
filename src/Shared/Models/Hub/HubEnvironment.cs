using System.Globalization;
using System.Text.RegularExpressions;

namespace Workbench.Models.Hub;

/// <summary>Reads the environment variables of the hub's official client as that client does.</summary>
/// <param name="variable">Reads a variable.</param>
internal sealed partial class HubEnvironment(Func<string, string?> variable)
{
    private static readonly string[] s_true = ["1", "ON", "YES", "TRUE"];

    /// <summary>Where the client keeps its token and, unless told otherwise, its cache.</summary>
    public string Home => Folder("HF_HOME") ?? Path.Combine(Folder("XDG_CACHE_HOME") ?? Path.Combine(UserHome, ".cache"), "huggingface");

    public string CacheFolder => Path.GetFullPath(Folder("HF_HUB_CACHE") ?? Folder("HUGGINGFACE_HUB_CACHE") ?? Path.Combine(Home, "hub"));

    private string UserHome => Value("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>The text of a variable; null where it is absent or blank.</summary>
    public string? Value(string name)
    {
        return variable(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
    }

    public bool IsTrue(string name)
    {
        return Value(name) is { } text && s_true.Contains(text.ToUpperInvariant());
    }

    /// <summary>A variable in seconds.</summary>
    public TimeSpan? Seconds(string name)
    {
        return int.TryParse(Value(name), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds > 0 ? TimeSpan.FromSeconds(seconds) : null;
    }

    /// <summary>The token of the environment or else of the client's login; null for none.</summary>
    /// <exception cref="WorkbenchException">The login's file cannot be read.</exception>
    public string? Token()
    {
        if ((Value("HF_TOKEN") ?? Value("HUGGING_FACE_HUB_TOKEN")) is { } token)
        {
            return Clean(token);
        }

        string path = Folder("HF_TOKEN_PATH") ?? Path.Combine(Home, "token");
        if (IsTrue("HF_HUB_DISABLE_IMPLICIT_TOKEN") || !File.Exists(path))
        {
            return null;
        }

        try
        {
            return Clean(File.ReadAllText(path));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new WorkbenchException($"Cannot read the token in {path}: {unreadable.Message.TrimEnd('.')}; correct its permissions, or set HF_TOKEN.", unreadable);
        }
    }

    private static string? Clean(string token)
    {
        string clean = token.Replace("\r", string.Empty, StringComparison.Ordinal).Replace("\n", string.Empty, StringComparison.Ordinal).Trim();
        return clean.Length > 0 ? clean : null;
    }

    /// <summary>A folder, with the user's home for a leading ~ and variables for $NAME and ${NAME}; unknown ones stay as they are.</summary>
    private string? Folder(string name)
    {
        if (Value(name) is not { } text)
        {
            return null;
        }

        string expanded = text == "~" || text.StartsWith("~/", StringComparison.Ordinal) ? UserHome + text[1..] : text;
        return Reference().Replace(expanded, match => variable(match.Groups["name"].Value) ?? match.Value);
    }

    [GeneratedRegex(@"\$(\{(?<name>[A-Za-z0-9_]+)\}|(?<name>[A-Za-z0-9_]+))", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
