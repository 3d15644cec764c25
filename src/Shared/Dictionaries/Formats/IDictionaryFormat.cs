using static TorchSharp.torch;

namespace Workbench.Dictionaries.Formats;

/// <summary>One on-disk layout of dictionaries.</summary>
public interface IDictionaryFormat
{
    /// <summary>Name of the layout, e.g. <c>saelens</c>.</summary>
    string Name { get; }

    /// <summary>The files by which it is known, for messages.</summary>
    string Files { get; }

    /// <summary>Whether a file or folder looks like this layout, judged by the names of its files alone.</summary>
    bool CanRead(string path);

    /// <summary>Loads a dictionary strictly: whatever is not understood is refused.</summary>
    /// <param name="path">File or folder.</param>
    /// <param name="device">Where the weights go.</param>
    /// <exception cref="WorkbenchException">A file, key, number type, shape, option or value is not as expected.</exception>
    ILatentModel Load(string path, Device device);

    /// <summary>Why this layout cannot hold a dictionary, as the end of a sentence; null where it can.</summary>
    string? Obstacle(ILatentModel model);

    /// <summary>Saves a dictionary as this layout's own library would.</summary>
    /// <param name="model">The dictionary.</param>
    /// <param name="folder">Where to; created if absent.</param>
    /// <exception cref="WorkbenchException">The layout cannot hold this dictionary, or a file cannot be written.</exception>
    void Save(ILatentModel model, string folder);
}
