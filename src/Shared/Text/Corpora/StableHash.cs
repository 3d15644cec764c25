using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Workbench.Text.Corpora;

/// <summary>Hashes of texts that are the same on every machine and in every version.</summary>
internal static class StableHash
{
    /// <summary>First eight bytes of the SHA-256 of salt and text.</summary>
    public static ulong Of(string salt, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(salt + "\0" + text);
        return BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(bytes));
    }

    /// <summary>Whether a key falls into the given share of all keys.</summary>
    public static bool IsInShare(string salt, string key, double share)
    {
        return Of(salt, key) < share * ulong.MaxValue;
    }

    /// <summary>SHA-256 over names and texts in order.</summary>
    public static string OfDocuments(IEnumerable<Document> documents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Document document in documents)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(document.Name));
            hash.AppendData([0]);
            hash.AppendData(Encoding.UTF8.GetBytes(document.Text));
            hash.AppendData([0]);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
