using Workbench.Dictionaries;
using Workbench.Explorer.Data;
using Workbench.Models;

namespace Workbench.Explorer.Inference;

/// <summary>The model and the dictionaries in use, loaded once; touched by the worker's thread alone.</summary>
internal sealed class ModelCache : IDisposable
{
    private readonly Dictionary<string, AttachedDictionary> _dictionaries = new(StringComparer.Ordinal);
    private LoadedModel? _model;
    private string? _modelPath;

    /// <summary>The model of a space; another one takes the place of the one before.</summary>
    /// <exception cref="WorkbenchException">It is not here, or is not the one that was harvested.</exception>
    public LoadedModel Model(FeatureSpace space)
    {
        if (_model is null || _modelPath != space.ModelPath)
        {
            _model?.Dispose();
            (_model, _modelPath) = (null, null);
            LoadedModel loaded = ModelLoader.Load(space.ModelPath);
            if (loaded.Hash != space.Info.ModelHash)
            {
                string found = loaded.Hash;
                loaded.Dispose();
                throw new WorkbenchException(
                    $"{space.ModelPath} has the hash {found[..6]} where the harvest was made of {space.Info.ModelHash[..6]}; put the harvested model back or harvest again.");
            }

            (_model, _modelPath) = (loaded, space.ModelPath);
        }

        return _model;
    }

    /// <summary>The dictionary of a space.</summary>
    /// <exception cref="WorkbenchException">It is damaged, or names no hook of a model.</exception>
    public AttachedDictionary Dictionary(FeatureSpace space)
    {
        if (!_dictionaries.TryGetValue(space.Info.WeightsHash, out AttachedDictionary? dictionary))
        {
            ILatentModel loaded = DictionaryLoader.Load(space.Folder);
            try
            {
                dictionary = AttachedDictionary.Attach(loaded, $"Dictionary {space.Dictionary}");
            }
            catch
            {
                loaded.Dispose();
                throw;
            }

            _dictionaries.Add(space.Info.WeightsHash, dictionary);
        }

        return dictionary;
    }

    public void Dispose()
    {
        _model?.Dispose();
        foreach (AttachedDictionary dictionary in _dictionaries.Values)
        {
            dictionary.Dictionary.Dispose();
        }
    }
}
