using System.Text.Json;
using System.Text.RegularExpressions;
using Workbench.Models.Weights.Pickle;
using Workbench.Workspaces;
using static TorchSharp.torch;

namespace Workbench.Dictionaries.Formats.DictionaryLearning;

/// <summary>
/// dictionary_learning's trainer folders: <c>ae.pt</c> and <c>config.json</c>, whose <c>dict_class</c> says what the tensors mean;
/// each class is one file. Backups of interrupted runs hold the same under <c>ae</c>.
/// </summary>
internal sealed partial class DictionaryLearningFormat : SparseFormat
{
    private const string ConfigFile = "config.json";
    private const string WeightsFile = "ae.pt";
    private const string NestedKey = "ae";
    private const string FactorKey = "norm_factor";

    /// <inheritdoc/>
    public override string Name => "dictionary_learning";

    /// <inheritdoc/>
    public override string Files => $"a folder with {WeightsFile} and {ConfigFile}";

    /// <inheritdoc/>
    public override bool CanRead(string path)
    {
        return PlaceOf(path) is not null;
    }

    protected override SparseAutoencoder Read(string path, Device device)
    {
        (string weightsFile, string configFile) = PlaceOf(path)!.Value;
        var settings = DictionaryLearningSettings.Read(configFile);
        DictionaryLearningClass kind = DictionaryLearningClass.Find(settings);
        using TorchFile file = TorchFile.Open(weightsFile);
        PickleDictionary state = file.Root as PickleDictionary ?? throw new WorkbenchException($"{weightsFile} holds no state dict; it is not a dictionary of dictionary_learning.");
        double? factor = null;
        if (state.TryGet(NestedKey, out object? nested) && nested is PickleDictionary inner)
        {
            factor = state.TryGet(FactorKey, out object? given) ? given as double? ?? given as long? : null;
            state = inner;
        }

        foreach ((object key, object? value) in state.Entries)
        {
            if (value is not TorchTensor)
            {
                throw new WorkbenchException($"{weightsFile} holds '{key}', which is no tensor; a {kind.Name} does not have it.");
            }
        }

        var tensors = new StrictTensors(new TorchTensors(file, state), $"a {kind.Name}", device);
        (SparseAutoencoderConfig config, SparseWeights weights) = kind.Read(tensors, settings);
        tensors.RefuseRest();
        return new SparseAutoencoder(settings.Complete(config, factor), weights);
    }

    protected override string? Obstacle(SparseAutoencoder dictionary)
    {
        return (DictionaryLearningClass.Of(dictionary) is null ? $"it has no class for {dictionary.Config.Architecture}" : null)
            ?? CommonObstacle(dictionary)
            ?? TranscoderObstacle(dictionary);
    }

    protected override void Write(SparseAutoencoder dictionary, string folder)
    {
        DictionaryLearningClass kind = DictionaryLearningClass.Of(dictionary)!;
        using SparseAutoencoder plain = dictionary.WithoutRescaling();
        using SparseAutoencoder model = plain.WithDecoderBiasSubtracted(kind.SubtractsBias);
        PickleDictionary state = kind.Write(model);
        AtomicFile.Write(Path.Combine(folder, WeightsFile), stream => TorchFileWriter.Write(stream, Path.GetFileNameWithoutExtension(WeightsFile), state));
        WriteConfig(folder, ConfigFile, DictionaryLearningSettings.ToJson(model, kind));
    }

    /// <summary>The weights and their configuration, which for a checkpoint stands in the folder above.</summary>
    private static (string Weights, string Config)? PlaceOf(string path)
    {
        string weights = Directory.Exists(path) ? Path.Combine(path, WeightsFile) : path;
        if (!File.Exists(weights) || !Weights().IsMatch(Path.GetFileName(weights)))
        {
            return null;
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(weights))!;
        string? config = new[] { folder, Path.GetDirectoryName(folder) }
            .OfType<string>()
            .Select(place => Path.Combine(place, ConfigFile))
            .FirstOrDefault(File.Exists);
        return config is null ? null : (weights, config);
    }

    [GeneratedRegex(@"^ae(_[0-9]+)?\.pt$", RegexOptions.CultureInvariant)]
    private static partial Regex Weights();
}
