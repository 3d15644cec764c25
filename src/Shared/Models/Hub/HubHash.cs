using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Workbench.Models.Hub;

/// <summary>The hashes by which a hub names contents: SHA-256 of large files, git's SHA-1 of a blob of small ones.</summary>
internal static class HubHash
{
    private const int GitDigits = 40;
    private const int Sha256Digits = 64;
    private const int BufferBytes = 1 << 20;

    /// <summary>Whether a tag is one of the two, so that a file can be checked.</summary>
    public static bool IsHash(string etag)
    {
        return etag.Length is GitDigits or Sha256Digits && etag.All(char.IsAsciiHexDigitLower);
    }

    /// <summary>The hash of a file, of the same sort as a given one.</summary>
    public static string OfFile(string path, string etag)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
        using var hash = IncrementalHash.CreateHash(etag.Length == Sha256Digits ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);
        if (etag.Length == GitDigits)
        {
            hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {file.Length}\0")));
        }

        byte[] buffer = new byte[BufferBytes];
        for (int read; (read = file.Read(buffer)) > 0;)
        {
            hash.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
