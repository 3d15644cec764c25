using Workbench.Dictionaries.Formats;
using Workbench.Dictionaries.Formats.DictionaryLearning;
using static TorchSharp.torch;

namespace Workbench.Dictionaries;

/// <summary>Loads and saves dictionaries of every known layout.</summary>
public static class DictionaryLoader
{
    /// <summary>The known layouts; the first that recognises a path reads it.</summary>
    public static IReadOnlyList<IDictionaryFormat> Formats { get; } =
    [
        new SaeLensFormat(), new WorkbenchFormat(), new SparsifyFormat(), new GemmaScopeFormat(), new GemmaScope2Format(), new DictionaryLearningFormat(),
        new LlamaScopeFormat(), new OpenMossFormat(), new OpenMossPickleFormat(), new OpenAiFormat(),
    ];

    /// <summary>A layout by its name.</summary>
    /// <exception cref="UsageException">There is none of this name.</exception>
    public static IDictionaryFormat Format(string name)
    {
        return Formats.FirstOrDefault(format => format.Name == name)
            ?? throw new UsageException($"'{name}' is not a layout of dictionaries; expected {string.Join(", ", Formats.Select(format => format.Name))}.");
    }

    /// <summary>The layout that a path is in, by the names of its files.</summary>
    /// <exception cref="WorkbenchException">It is in none.</exception>
    public static IDictionaryFormat Recognise(string path)
    {
        return Formats.FirstOrDefault(format => format.CanRead(path))
            ?? throw new WorkbenchException(
                $"{path} holds no dictionary of a known layout; expected {string.Join("; ", Formats.Select(format => $"{format.Files} ({format.Name})"))}.");
    }

    /// <summary>Loads a dictionary.</summary>
    /// <param name="path">A file or folder of a known layout, such as the folder of a trained dictionary.</param>
    /// <param name="device">Where the weights go; the CPU by default.</param>
    /// <exception cref="WorkbenchException">The layout is not known, or the files are not as expected.</exception>
    public static ILatentModel Load(string path, Device? device = null)
    {
        return Recognise(path).Load(path, device ?? CPU);
    }

    /// <summary>Loads a sparse autoencoder.</summary>
    /// <exception cref="WorkbenchException">It is another kind of dictionary, or as for <see cref="Load"/>.</exception>
    public static SparseAutoencoder LoadSparse(string path, Device? device = null)
    {
        ILatentModel model = Load(path, device);
        if (model is SparseAutoencoder sparse)
        {
            return sparse;
        }

        model.Dispose();
        throw new WorkbenchException($"{path} holds a {model.GetType().Name}, where a sparse autoencoder was expected.");
    }

    /// <summary>Saves a dictionary as a workspace keeps it: in SAELens' layout, or in the workbench's own where SAELens has no form for it.</summary>
    /// <exception cref="WorkbenchException">A file cannot be written.</exception>
    public static void Save(ILatentModel model, string folder)
    {
        IDictionaryFormat format = Formats.First(candidate => candidate is SaeLensFormat or WorkbenchFormat && candidate.Obstacle(model) is null);
        format.Save(model, folder);
    }
}
