using TorchSharp;
using Workbench.Models.Weights;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Activations.Vectors;

/// <summary>Reads token ids from an array of whole numbers.</summary>
internal static class TokenArray
{
    public static int[] Read(IStoredTensors file, string? name, long rows)
    {
        string array = name ?? (file.Names.Count == 1
            ? file.Names.First()
            : throw new WorkbenchException($"{file.Path} holds {string.Join(", ", file.Names)}; name the tokens by --tokens FILE:ARRAY."));
        if (!file.Names.Contains(array))
        {
            throw new WorkbenchException($"{file.Path} has no array '{array}'; it holds {string.Join(", ", file.Names)}.");
        }

        long[] shape = file.Shape(array);
        bool whole = file.Type(array) is torch.ScalarType.Int64 or torch.ScalarType.Int32 or torch.ScalarType.Int16;
        if (!whole || shape.Aggregate(1L, (product, size) => product * size) != rows)
        {
            throw new WorkbenchException(
                $"{file.Path}: tokens '{array}' are {file.Type(array)} [{string.Join(", ", shape)}]; expected {rows} whole numbers, one for each vector.");
        }

        using Tensor stored = file.Read(array);
        using Tensor flat = stored.reshape(-1).to(torch.ScalarType.Int64);
        return Array.ConvertAll(flat.data<long>().ToArray(), id => checked((int)id));
    }
}
