using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Workbench.Workspaces;

/// <summary>How the workbench writes and reads JSON: snake_case names, enumerations by name, unknown members refused.</summary>
public static class WorkbenchJson
{
    /// <summary>For files that people read.</summary>
    public static JsonSerializerOptions Options { get; } = Create(indented: true);

    /// <summary>For one object a line.</summary>
    public static JsonSerializerOptions Compact { get; } = Create(indented: false);

    /// <summary>Reads a JSON file of the workbench.</summary>
    /// <param name="path">The file.</param>
    /// <typeparam name="T">The expected form.</typeparam>
    /// <exception cref="WorkbenchException">The file is absent or not of that form.</exception>
    public static T Read<T>(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Options)
                ?? throw new WorkbenchException($"{path} holds only null where a {typeof(T).Name} was expected.");
        }
        catch (JsonException malformed)
        {
            throw new WorkbenchException($"{path} is not a valid {typeof(T).Name} file: {malformed.Message}", malformed);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new WorkbenchException($"Cannot read {path}: {unreadable.Message}", unreadable);
        }
    }

    /// <summary>The JSON element of an object, e.g. a resolved configuration for a run manifest.</summary>
    /// <param name="value">The object.</param>
    /// <typeparam name="T">The type that decides the JSON form.</typeparam>
    public static JsonElement Element<T>(T value)
    {
        return JsonSerializer.SerializeToElement(value, Options);
    }

    /// <summary>Whether two objects have the same JSON form, lists included, which records compare by reference.</summary>
    /// <param name="one">One object.</param>
    /// <param name="other">The other.</param>
    /// <typeparam name="T">The type that decides the JSON form.</typeparam>
    public static bool AreSame<T>(T one, T other)
    {
        return JsonElement.DeepEquals(Element(one), Element(other));
    }

    private static JsonSerializerOptions Create(bool indented)
    {
        var options = new JsonSerializerOptions
        {
            WriteIndented = indented,
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DictionaryKeyPolicy = null,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
