namespace Workbench.Models.Kernels.Products;

/// <summary>Which outputs of a linear layer lie in which tile of its product.</summary>
/// <param name="Outputs">Outputs of the layer.</param>
/// <param name="Paired">Whether the outputs are two halves whose elements belong together; a tile then holds as many of each.</param>
internal readonly record struct TileLayout(int Outputs, bool Paired)
{
    /// <summary>Parts of a tile.</summary>
    public int Parts => Paired ? 2 : 1;

    /// <summary>Columns of a part.</summary>
    public int Width => TileProduct.Columns / Parts;

    /// <summary>Tiles.</summary>
    public int Tiles => ((Outputs / Parts) + Width - 1) / Width;

    /// <summary>The first output in a part of a tile.</summary>
    public int First(int tile, int part)
    {
        return (part * (Outputs / Parts)) + (tile * Width);
    }

    /// <summary>Outputs in each part of a tile, the last being narrower.</summary>
    public int Count(int tile)
    {
        return Math.Min(Width, (Outputs / Parts) - (tile * Width));
    }
}
