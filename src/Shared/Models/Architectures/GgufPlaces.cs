using Workbench.Models.Weights;

namespace Workbench.Models.Architectures;

/// <summary>Collects where the tensors of a model lie in a GGUF file, module by module.</summary>
internal sealed class GgufPlaces
{
    private readonly Dictionary<string, GgufPlace> _places = new(StringComparer.Ordinal);

    /// <summary>The place of a tensor, from the module's name (within its block) and the tensor's name in the file.</summary>
    public Func<string, string, GgufPlace> Place { get; init; } = (_, stored) => new GgufPlace(stored);

    /// <summary>Places by name of Hugging Face.</summary>
    public IReadOnlyDictionary<string, GgufPlace> All => _places;

    /// <summary>Adds modules outside the blocks.</summary>
    public GgufPlaces Add(params (string There, string Here)[] modules)
    {
        foreach ((string there, string here) in modules)
        {
            Add(there, there, here);
        }

        return this;
    }

    /// <summary>Adds modules of every block.</summary>
    /// <param name="prefix">What their names begin with at Hugging Face, before the number of the block.</param>
    /// <param name="layers">Number of blocks.</param>
    /// <param name="modules">Names within a block.</param>
    public GgufPlaces AddBlocks(string prefix, int layers, params IEnumerable<(string There, string Here)> modules)
    {
        foreach ((string there, string here) in modules)
        {
            for (int layer = 0; layer < layers; layer++)
            {
                Add(there, $"{prefix}{layer}.{there}", $"blk.{layer}.{here}");
            }
        }

        return this;
    }

    private void Add(string module, string there, string here)
    {
        foreach (string suffix in (string[])[".weight", ".bias"])
        {
            _places[there + suffix] = Place(module, here + suffix);
        }
    }
}
