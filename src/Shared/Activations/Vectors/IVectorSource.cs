using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Activations.Vectors;

/// <summary>Vectors made elsewhere, read in their order.</summary>
public interface IVectorSource : IDisposable
{
    /// <summary>Values a vector.</summary>
    int Width { get; }

    /// <summary>The number of vectors.</summary>
    long Rows { get; }

    /// <summary>Vectors of one sequence: the middle size of an array [sequences, positions, width]; 1 where each vector stands alone.</summary>
    int Positions { get; }

    /// <summary>The vectors in order, as float32 CPU tensors [some rows, width] of whole sequences that the caller disposes.</summary>
    /// <param name="firstRow">The first of them: a multiple of <see cref="Positions"/>.</param>
    /// <exception cref="WorkbenchException">The file is damaged.</exception>
    IEnumerable<Tensor> Parts(long firstRow = 0);
}
