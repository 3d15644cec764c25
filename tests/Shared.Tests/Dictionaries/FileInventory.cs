using System.Text.Json;
using Workbench.Models.Weights;
using Workbench.Models.Weights.Npz;
using Workbench.Models.Weights.Pickle;
using Workbench.Testing;

namespace Workbench.Shared.Tests.Dictionaries;

/// <summary>Names, shapes and strides of tensors and keys of configurations, compared between files of a peer and files of ours.</summary>
internal static class FileInventory
{
    public static void ShouldMatch(DictionaryGoldenCase golden, string place)
    {
        string theirs = File.Exists(golden.Place) ? golden.Folder : golden.Place;
        foreach (string file in Directory.GetFiles(place, "*", SearchOption.AllDirectories))
        {
            string relative = Path.GetRelativePath(place, file);
            string peer = Path.Combine(theirs, relative);
            File.Exists(peer).ShouldBeTrue($"the peer writes {relative} too");
            if (IsOldForm(theirs))
            {
                continue;
            }

            if (file.EndsWith(".json", StringComparison.Ordinal))
            {
                string[] extra = [.. Keys(Golden.Json(file)).Except(Keys(Golden.Json(peer)))];
                extra.ShouldBeEmpty($"keys of {relative}");
            }
            else
            {
                Tensors(file).ShouldBe(Tensors(peer), ignoreOrder: true, relative);
            }
        }
    }

    /// <summary>Layouts that are read but no longer written: before SAELens 6, its training checkpoints, sparsify without an activation.</summary>
    private static bool IsOldForm(string folder)
    {
        string path = Path.Combine(folder, "cfg.json");
        if (!File.Exists(path))
        {
            return false;
        }

        JsonElement config = Golden.Json(path);
        bool sparsify = File.Exists(Path.Combine(folder, "sae.safetensors"));
        return sparsify ? !config.TryGetProperty("activation", out _) : !config.TryGetProperty("metadata", out _) || config.TryGetProperty("decoder_init_norm", out _);
    }

    private static IEnumerable<string> Keys(JsonElement json)
    {
        // What SAELens calls metadata is free; a trainer's section is compared key by key.
        return json.EnumerateObject().SelectMany(property => property.Name is "trainer" or "buffer"
            ? property.Value.EnumerateObject().Select(inner => $"{property.Name}.{inner.Name}")
            : [property.Name]);
    }

    private static IEnumerable<string> Tensors(string file)
    {
        switch (Path.GetExtension(file))
        {
            case ".safetensors":
                SafetensorsFile safetensors = SafetensorsFile.Open(file);
                return [.. safetensors.Names.Select(name => $"{name} [{string.Join(", ", safetensors.Info(name).Shape)}]")];
            case ".npz":
                using (NpzFile npz = NpzFile.Open(file))
                {
                    return [.. npz.Names.Select(name => $"{name} {npz.Type(name)} [{string.Join(", ", npz.Shape(name))}]")];
                }

            default:
                using (TorchFile torch = TorchFile.Open(file))
                {
                    PickleDictionary root = torch.Root.ShouldBeOfType<PickleDictionary>();
                    return [.. Entries(root.TryGet("ae", out object? nested) ? (PickleDictionary)nested : root, string.Empty).Where(entry => !entry.Contains("activation.", StringComparison.Ordinal))];
                }
        }
    }

    private static IEnumerable<string> Entries(PickleDictionary dictionary, string prefix)
    {
        return dictionary.Entries.SelectMany(entry => entry.Value switch
        {
            PickleDictionary inner => Entries(inner, $"{prefix}{entry.Key}/").Append($"{prefix}{entry.Key} with attributes: {inner.Attributes is not null}"),
            TorchTensor tensor => [$"{prefix}{entry.Key} {tensor.Type} [{string.Join(", ", tensor.Shape)}] strides [{string.Join(", ", tensor.Strides)}]"],
            _ => new[] { $"{prefix}{entry.Key}: {entry.Value}" },
        });
    }
}
