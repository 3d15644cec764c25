using System.Text.Json;

namespace Workbench.Models.Hub;

/// <summary>The file that says which shard holds which tensor.</summary>
internal static class WeightIndex
{
    /// <summary>The shards that an index names.</summary>
    /// <exception cref="WorkbenchException">It is damaged, or names anything else than safetensors beside it.</exception>
    public static IReadOnlyList<string> Shards(string index)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(index));
            string[] shards =
            [
                .. json.RootElement.GetProperty("weight_map").EnumerateObject().Select(pair => pair.Value.GetString() ?? string.Empty).Distinct().Order(StringComparer.Ordinal),
            ];
            return shards.FirstOrDefault(shard => shard != Path.GetFileName(shard) || Path.GetExtension(shard) != ".safetensors") is { } refused
                ? throw new WorkbenchException($"{HubFileTypes.Index} names '{refused}' as a shard; expected a .safetensors file beside it: choose another model.")
                : shards;
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new WorkbenchException($"{HubFileTypes.Index} should hold a 'weight_map' from tensor names to file names; choose another revision.", malformed);
        }
    }
}
