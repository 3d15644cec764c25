using System.Security.Cryptography;
using System.Text;

namespace Workbench.Testing.Hub;

/// <summary>A file of a hub, with the faults that its transfers have.</summary>
public sealed class HubServerFile(byte[] content, bool large)
{
    public static HubServerFile Sound { get; } = new([], false);

    public byte[] Content { get; } = content;

    public bool IsLarge { get; } = large;

    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(content));

    public string GitHash { get; } = Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));

    /// <summary>Bytes after which a transfer breaks; null for none.</summary>
    public int? BreakAfter { get; set; }

    /// <summary>How many transfers break.</summary>
    public int Breaks { get; set; } = int.MaxValue;

    /// <summary>The pause after every 16 KB that are sent.</summary>
    public TimeSpan Pause { get; set; }

    /// <summary>The length that the hub promises; null for the true one.</summary>
    public long? ClaimedBytes { get; set; }

    /// <summary>Whether the bytes that are sent are others than the hashed ones.</summary>
    public bool IsForged { get; set; }

    /// <summary>Whether the server sends the whole where a range is asked for.</summary>
    public bool IgnoresRanges { get; set; }
}
