namespace Workbench.Models.Kernels.Products;

/// <summary>A finished tile of a product.</summary>
/// <param name="values">float32, rows <see cref="TileProduct.Columns"/> apart.</param>
/// <param name="row">The product's row that the tile's first is.</param>
/// <param name="rows">Rows.</param>
/// <param name="column">The column that the tile's first is, in each half where the layout is paired.</param>
/// <param name="columns">Columns, of each half where the layout is paired.</param>
internal readonly unsafe ref struct ProductTile(float* values, int row, int rows, int column, int columns)
{
    public int Row => row;

    public int Rows => rows;

    public int Column => column;

    public int Columns => columns;

    public float* At(int index)
    {
        return values + (index * TileProduct.Columns);
    }
}
