using Workbench.SaeTrain.Objectives;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Data;

/// <summary>
/// An endless series of shuffled batches of a harvest, arranged as a recipe wants them. (<see cref="Epoch"/>, <see cref="Cursor"/>)
/// is the whole state of the order.
/// </summary>
internal interface ITrainingData : IDisposable
{
    /// <summary>Features of an encoded row.</summary>
    int InputWidth { get; }

    /// <summary>Features of a reconstructed row.</summary>
    int OutputWidth { get; }

    /// <summary>Rows of an epoch.</summary>
    long Rows { get; }

    /// <summary>The epoch of the next row.</summary>
    long Epoch { get; }

    /// <summary>The place of the next row within its epoch.</summary>
    long Cursor { get; }

    /// <summary>Mean of the reconstructed rows over the harvest [d_out], float32 on the CPU; the caller disposes it.</summary>
    Tensor Mean();

    /// <summary>Goes to a place in the series.</summary>
    void MoveTo(long epoch, long cursor);

    /// <summary>The next batch on the CPU; its tensors are this object's and are overwritten by the next call.</summary>
    TrainingBatch Next();

    /// <summary>A sample of rows for what is fixed at the start, without moving in the series; the caller disposes the tensors.</summary>
    /// <param name="rows">Rows of the sample, at most.</param>
    TrainingBatch Sample(int rows);
}
