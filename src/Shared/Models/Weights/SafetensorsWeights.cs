using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Weights;

/// <summary>The safetensors file of a model folder, or its shards with their index.</summary>
internal sealed class SafetensorsWeights : IWeightSource
{
    private const string Single = "model.safetensors";
    private const string Index = "model.safetensors.index.json";

    private readonly Dictionary<string, SafetensorsFile> _files = new(StringComparer.Ordinal);

    private SafetensorsWeights(string path, IReadOnlyList<string> weightFiles)
    {
        Path = path;
        WeightFiles = weightFiles;
    }

    public string Path { get; }

    /// <summary>The files that hold the weights, in order of name.</summary>
    public IReadOnlyList<string> WeightFiles { get; }

    public IEnumerable<string> Names => _files.Keys;

    /// <summary>Opens what a folder holds.</summary>
    /// <exception cref="WorkbenchException">There is neither file nor index, a shard is missing, or index and shards differ.</exception>
    public static SafetensorsWeights Open(string folder)
    {
        string single = System.IO.Path.Combine(folder, Single);
        string index = System.IO.Path.Combine(folder, Index);
        if (File.Exists(single))
        {
            var weights = new SafetensorsWeights(single, [single]);
            weights.Add(SafetensorsFile.Open(single));
            return weights;
        }

        return File.Exists(index)
            ? OpenShards(folder, index)
            : throw new WorkbenchException($"{folder} holds neither {Single} nor {Index}{Others(folder)}; point at a folder that has the weights as safetensors.");
    }

    public long[] Shape(string name)
    {
        return _files[name].Info(name).Shape;
    }

    public ScalarType StoredType(string name)
    {
        return _files[name].Info(name).Type;
    }

    public Tensor Load(string name)
    {
        ScalarType stored = StoredType(name);
        if (stored is not (ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float64))
        {
            throw new WorkbenchException($"{Path}: tensor '{name}' is stored as {stored}; a weight should be F32, F16, BF16 or F64.");
        }

        using Tensor mapped = _files[name].Load(name);
        return mapped.to(ScalarType.Float32, copy: true);
    }

    public void Dispose()
    {
    }

    /// <summary>Shards without an index may be only some of a model's.</summary>
    private static string Others(string folder)
    {
        string[] files = Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "*.safetensors").Order(StringComparer.Ordinal)] : [];
        return files.Length == 0 ? string.Empty : $" (it has {System.IO.Path.GetFileName(files[0])}{(files.Length > 1 ? $" and {files.Length - 1:N0} more" : string.Empty)}, but no index that says what belongs together)";
    }

    private static SafetensorsWeights OpenShards(string folder, string index)
    {
        Dictionary<string, string> map = ReadMap(index);
        string[] shards = [.. map.Values.Distinct().Order(StringComparer.Ordinal)];
        foreach (string shard in shards)
        {
            if (shard != System.IO.Path.GetFileName(shard))
            {
                throw new WorkbenchException($"{index} names the shard '{shard}'; expected a file beside it.");
            }

            if (!File.Exists(System.IO.Path.Combine(folder, shard)))
            {
                throw new WorkbenchException($"{index} names the shard '{shard}', which {folder} lacks; fetch it.");
            }
        }

        var weights = new SafetensorsWeights(index, [.. shards.Select(shard => System.IO.Path.Combine(folder, shard))]);
        foreach (string shard in weights.WeightFiles)
        {
            weights.Add(SafetensorsFile.Open(shard));
        }

        string? lost = map.FirstOrDefault(pair => !weights._files.TryGetValue(pair.Key, out SafetensorsFile? file)
            || System.IO.Path.GetFileName(file.Path) != pair.Value).Key;
        string? extra = weights.Names.FirstOrDefault(name => !map.ContainsKey(name));
        return lost is null && extra is null
            ? weights
            : throw new WorkbenchException($"{index} and its shards disagree about tensor '{lost ?? extra}'; fetch the folder again.");
    }

    private static Dictionary<string, string> ReadMap(string index)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(index));
            return json.RootElement.GetProperty("weight_map").EnumerateObject()
                .ToDictionary(pair => pair.Name, pair => pair.Value.GetString() ?? string.Empty, StringComparer.Ordinal);
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new WorkbenchException($"{index} should hold a 'weight_map' from tensor names to file names; fetch it again.", failure);
        }
    }

    private void Add(SafetensorsFile file)
    {
        foreach (string name in file.Names)
        {
            if (!_files.TryAdd(name, file))
            {
                throw new WorkbenchException($"{file.Path} holds tensor '{name}', which another shard holds too; fetch the folder again.");
            }
        }
    }
}
