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
    /// <param name="read">What the dictionary encoded [rows of the code, width] at the counted positions.</param>
    /// <param name="input">x [rows, output width] there: what it reconstructs, which for an autoencoder is what it encoded.</param>
    /// <param name="reconstruction">x̂ [rows, output width] there.</param>
    /// <param name="code">The latents there; several rows a token where each hook is encoded by itself.</param>
    /// <param name="windows">The window that each row of the code lies in.</param>
    /// <param name="losses">The losses of each pass.</param>
    public CoreBatch(Tensor read, Tensor input, Tensor reconstruction, SparseCode code, int[] windows, IReadOnlyDictionary<Intervention, PositionLosses> losses)
    {
        using var scope = NewDisposeScope();
        Input = input.to(ScalarType.Float64).cpu().DetachFromDisposeScope();
        Read = ReferenceEquals(read, input) ? Input : read.to(ScalarType.Float64).cpu().DetachFromDisposeScope();
        Tensor output = reconstruction.to(ScalarType.Float64).cpu();
        Tensor error = (Input - output).DetachFromDisposeScope();
        Error = error;
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

    /// <summary>What the metrics see of activations at counted positions.</summary>
    /// <param name="dictionary">The dictionary.</param>
    /// <param name="rows">What it read [positions, input width].</param>
    /// <param name="targets">What it reconstructs [positions, output width].</param>
    /// <param name="reconstruction">x̂ [positions, output width].</param>
    /// <param name="code">The latents.</param>
    /// <param name="batch">The positions.</param>
    /// <param name="losses">The losses of each pass.</param>
    public static CoreBatch Of(
        AttachedDictionary dictionary, Tensor rows, Tensor targets, Tensor reconstruction, SparseCode code, TokenBatch batch, IReadOnlyDictionary<Intervention, PositionLosses> losses)
    {
        int[] windows = [.. batch.Rows.SelectMany(place => Enumerable.Repeat((int)(place / batch.Length), dictionary.RowsPerToken))];
        return new CoreBatch(dictionary.ToRows(rows), targets, reconstruction, code, windows, losses);
    }

    /// <summary>x, float64 [rows, width]; released with the batch.</summary>
    public Tensor Input { get; }

    /// <summary>x - x̂, float64 [rows, width]; released with the batch.</summary>
    public Tensor Error { get; }

    /// <summary>What the dictionary encoded, float64 [rows of the code, width]; released with the batch.</summary>
    public Tensor Read { get; }

    public SparseCode Code { get; }

    /// <summary>The window of each row of the code, within the batch.</summary>
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
        Error.Dispose();
        Read.Dispose();
    }

    internal static double[] Values(Tensor tensor)
    {
        return MemoryMarshal.Cast<byte, double>(tensor.bytes).ToArray();
    }
}
