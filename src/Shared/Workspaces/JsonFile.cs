using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Workbench.Workspaces;

/// <summary>
/// Parses JSON files that others made. The parser itself lets through texts that are no UTF-8 and halves of surrogate pairs, which
/// then fail where they are read; here they are refused at once.
/// </summary>
internal static class JsonFile
{
    /// <summary>Reads and parses a file.</summary>
    /// <exception cref="WorkbenchException">It cannot be read, or is not JSON.</exception>
    public static JsonDocument Open(string path)
    {
        return Parse(path, ReadBytes(path));
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="WorkbenchException">It cannot be read.</exception>
    public static byte[] ReadBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new WorkbenchException($"{path} cannot be read ({failure.Message}); check the path and its permissions.", failure);
        }
    }

    /// <summary>Parses what stands in a file.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="json">The text.</param>
    /// <exception cref="WorkbenchException">It is not JSON.</exception>
    public static JsonDocument Parse(string path, byte[] json)
    {
        try
        {
            RefuseBrokenTexts(path, json);
            return JsonDocument.Parse(json);
        }
        catch (JsonException invalid)
        {
            throw new WorkbenchException($"{path} is not valid JSON ({invalid.Message.TrimEnd('.')}); check that the file is whole.", invalid);
        }
    }

    private static void RefuseBrokenTexts(string path, byte[] json)
    {
        if (!Utf8.IsValid(json))
        {
            throw new WorkbenchException($"{path} is not a text in UTF-8; check that the file is whole.");
        }

        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is (JsonTokenType.String or JsonTokenType.PropertyName) && reader.ValueIsEscaped)
            {
                RefuseHalfPair(path, ref reader);
            }
        }
    }

    private static void RefuseHalfPair(string path, ref Utf8JsonReader reader)
    {
        char[] text = ArrayPool<char>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            _ = reader.CopyString(text);
        }
        catch (InvalidOperationException broken)
        {
            throw new WorkbenchException(
                $"{path} holds '{JsonField.Shorten(Encoding.UTF8.GetString(reader.ValueSpan))}' at byte {reader.TokenStartIndex}, where half of a surrogate pair stands alone; check that the file is whole.",
                broken);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(text);
        }
    }
}
