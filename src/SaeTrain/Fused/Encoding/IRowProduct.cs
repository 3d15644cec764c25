namespace Workbench.SaeTrain.Fused.Encoding;

/// <summary>A product of a batch's rows with the encoder, block by block.</summary>
internal unsafe interface IRowProduct
{
    /// <summary>Bytes from one row of a block to the next.</summary>
    long RowBytes { get; }

    /// <summary>Computes the product of the rows from <paramref name="first"/> on, as many as a block holds.</summary>
    /// <param name="first">First row.</param>
    /// <param name="count">Rows of this block.</param>
    /// <returns>The rows, valid until the next call, without biases.</returns>
    void* Block(int first, out int count);
}
