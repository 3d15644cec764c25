using System.Runtime.InteropServices;
using TorchSharp;
using Workbench.Dictionaries;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Evaluation;

/// <summary>What the metrics see of one batch: activations, reconstructions and latents at the counted positions, and losses.</summary>
/// <remarks>Everything that a metric adds up is in float64.</remarks>
internal sealed class CoreBatch : IDisposable
{
    /// <param name="read">What the dictionary read [rows, width] at the counted positions.</param>
    /// <param name="input">x [rows, output width] there: what it reconstructs, which for an autoencoder is what it read.</param>
    /// <param name="reconstruction">x̂ [rows, width] there.</param>
    /// <param name="code">The latents there.</param>
    /// <param name="windows">The window that each row lies in.</param>
    /// <param name="losses">The losses of each pass.</param>
    public CoreBatch(Tensor read, Tensor input, Tensor reconstruction, SparseCode code, int[] windows, IReadOnlyDictionary<Intervention, PositionLosses> losses)
    {
        using var scope = NewDisposeScope();
        Input = input.to(ScalarType.Float64).cpu().DetachFromDisposeScope();
        Read = ReferenceEquals(read, input) ? Input : read.to(ScalarType.Float64).cpu().DetachFromDisposeScope();
        Tensor output = reconstruction.to(ScalarType.Float64).cpu();
        Tensor error = Input - output;
        Code = code;
        Windows = windows;
        Losses = losses;
        Width = (int)input.shape[1];
        InputSquares = Values(Input.square().sum(1));
        OutputSquares = Values(output.square().sum(1));
        Products = Values((Input * output).sum(1));
        ErrorSquares = Values(error.square().sum(1));
        InputSums = Values(Input.sum([0]));
        ErrorSums = Values(error.sum([0]));
        CentredSquares = Values((Input - Input.mean([0])).square().sum(1));
    }

    /// <summary>x, float64 [rows, width]; released with the batch.</summary>
    public Tensor Input { get; }

    /// <summary>What the dictionary read, float64 [rows, width]; released with the batch.</summary>
    public Tensor Read { get; }

    public SparseCode Code { get; }

    /// <summary>The window of each row, within the batch.</summary>
    public int[] Windows { get; }

    public IReadOnlyDictionary<Intervention, PositionLosses> Losses { get; }

    public int Rows => InputSquares.Length;

    public int Width { get; }

    /// <summary>|x|² of each row.</summary>
    public double[] InputSquares { get; }

    /// <summary>|x̂|² of each row.</summary>
    public double[] OutputSquares { get; }

    /// <summary>x · x̂ of each row.</summary>
    public double[] Products { get; }

    /// <summary>|x - x̂|² of each row.</summary>
    public double[] ErrorSquares { get; }

    /// <summary>|x - mean of the batch|² of each row.</summary>
    public double[] CentredSquares { get; }

    /// <summary>Sum of x over the rows, by feature.</summary>
    public double[] InputSums { get; }

    /// <summary>Sum of x - x̂ over the rows, by feature.</summary>
    public double[] ErrorSums { get; }

    public void Dispose()
    {
        Input.Dispose();
        Read.Dispose();
    }

    private static double[] Values(Tensor tensor)
    {
        return MemoryMarshal.Cast<byte, double>(tensor.bytes).ToArray();
    }
}
