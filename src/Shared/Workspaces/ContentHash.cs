using System.Security.Cryptography;
using System.Text;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Workspaces;

/// <summary>SHA-256 of content, as 64 lower-case hexadecimal digits: the name by which runs know their inputs.</summary>
public static class ContentHash
{
    private const long ElementsPerStep = 1L << 26;

    /// <summary>The hash of a file's bytes.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="WorkbenchException">The file cannot be read.</exception>
    public static string OfFile(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new WorkbenchException($"Cannot read {path} to hash it: {unreadable.Message}");
        }
    }

    /// <summary>The hash of some bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    public static string OfBytes(ReadOnlySpan<byte> bytes)
    {
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    /// <summary>The hash of a text's UTF-8 bytes.</summary>
    /// <param name="text">The text.</param>
    public static string OfText(string text)
    {
        return OfBytes(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>The hash of one tensor: its element type, shape and values in row-major order.</summary>
    /// <param name="tensor">A tensor of any device and layout.</param>
    public static string OfTensor(Tensor tensor)
    {
        return OfTensors([("", tensor)]);
    }

    /// <summary>The hash of named tensors in the given order: name, element type, shape and row-major values of each.</summary>
    /// <param name="tensors">The tensors with their names.</param>
    public static string OfTensors(IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string name, Tensor tensor) in tensors)
        {
            using var scope = torch.NewDisposeScope();
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\0{tensor.dtype}\0{string.Join(',', tensor.shape)}\0"));
            Tensor flat = tensor.detach().cpu().contiguous().flatten();
            for (long start = 0; start < flat.shape[0]; start += ElementsPerStep)
            {
                using Tensor part = flat.narrow(0, start, Math.Min(ElementsPerStep, flat.shape[0] - start));
                hash.AppendData(part.bytes);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
