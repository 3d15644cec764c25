using Workbench.Dictionaries.Formats;
using static TorchSharp.torch;

namespace Workbench.Dictionaries;

/// <summary>Loads dictionaries of every known layout.</summary>
public static class DictionaryLoader
{
    /// <summary>The known layouts.</summary>
    public static IReadOnlyList<IDictionaryFormat> Formats { get; } = [new SaeLensFormat()];

    /// <summary>Loads a dictionary.</summary>
    /// <param name="path">A file or folder of a known layout, such as the folder of a trained dictionary.</param>
    /// <param name="device">Where the weights go; the CPU by default.</param>
    /// <exception cref="WorkbenchException">The layout is not known, or the files are not as expected.</exception>
    public static ILatentModel Load(string path, Device? device = null)
    {
        IDictionaryFormat format = Formats.FirstOrDefault(f => f.CanRead(path))
            ?? throw new WorkbenchException(
                $"{path} holds no dictionary of a known layout ({string.Join(", ", Formats.Select(f => f.Name))}); expected a folder with {SaeLensFormat.ConfigFile} and {SaeLensFormat.WeightsFile}.");
        return format.Load(path, device ?? CPU);
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
}
