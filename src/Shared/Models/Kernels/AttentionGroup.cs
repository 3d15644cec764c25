using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Workbench.Models.Kernels.Products;

namespace Workbench.Models.Kernels;

/// <summary>All query heads of one key-value head in one sequence.</summary>
/// <typeparam name="T">float, or ushort for bfloat16.</typeparam>
/// <typeparam name="TElement">Its arithmetic.</typeparam>
internal readonly unsafe struct AttentionGroup<T, TElement>
    where T : unmanaged
    where TElement : IElement<T>
{
    private const int Tile = TileProduct.Columns;

    private readonly AttentionShape _shape;
    private readonly T* _first;
    private readonly T* _target;
    private readonly int _group;
    private readonly int _rowsBehind;
    private readonly T* _keys;
    private readonly T* _values;
    private readonly T* _weights;
    private readonly T* _lastQueries;
    private readonly float* _scores;
    private readonly float* _sums;

    /// <summary>Takes the thread's working memory.</summary>
    public AttentionGroup(T* projected, T* target, AttentionShape shape, int sequence, int group)
    {
        _shape = shape;
        _group = group;
        _first = projected + ((long)sequence * shape.Length * shape.RowWidth);
        _target = target + ((long)sequence * shape.Length * shape.Heads * shape.HeadDim);
        _rowsBehind = (shape.Batch - sequence) * shape.Length;
        int packed = shape.KeyTiles * Tile * shape.HeadDim;
        int square = shape.KeyTiles * Tile * Tile;
        byte* scratch = ThreadScratch.Take(((long)(square + (Tile * Tile)) * sizeof(float)) + ((long)((2 * packed) + square + (Tile * shape.HeadDim)) * sizeof(T)));
        _scores = (float*)scratch;
        _sums = _scores + square;
        _keys = (T*)(_sums + (Tile * Tile));
        _values = _keys + packed;
        _weights = _values + packed;
        _lastQueries = _weights + square;
    }

    /// <summary>Attends.</summary>
    public void Run()
    {
        for (int tile = 0; tile < _shape.KeyTiles; tile++)
        {
            Pack(tile);
        }

        int share = _shape.Heads / _shape.Groups;
        for (int head = _group * share; head < (_group + 1) * share; head++)
        {
            for (int start = 0; start < _shape.Length; start += Tile)
            {
                Attend(head, start);
            }
        }
    }

    /// <summary>Keys as the second factor of the scores, values as that of the result; zeros behind the sequence's end.</summary>
    private void Pack(int tile)
    {
        int width = _shape.HeadDim;
        int words = width * sizeof(T) / sizeof(uint);
        int rows = Math.Min(Tile, _shape.Length - (tile * Tile));
        T* key = _first + ((long)tile * Tile * _shape.RowWidth) + ((_shape.Heads + _group) * width);
        PackKernel.Transpose((uint*)key, _shape.RowWidth * sizeof(T) / sizeof(uint), rows, words, (uint*)(_keys + (tile * Tile * width)), Tile);
        T* value = key + (_shape.Groups * width);
        for (int column = 0; column < width; column += Tile)
        {
            int columns = Math.Min(Tile, width - column);
            T* packed = Values(tile, column);
            new Span<T>(packed, Tile * columns).Clear();
            if (typeof(T) == typeof(ushort))
            {
                PackKernel.Pairs((ushort*)value + column, _shape.RowWidth, rows, columns, (uint*)packed);
                continue;
            }

            for (int row = 0; row < rows; row++)
            {
                new Span<T>(value + column + ((long)row * _shape.RowWidth), columns).CopyTo(new Span<T>(packed + (row * columns), columns));
            }
        }
    }

    private T* Values(int tile, int column)
    {
        return _values + (tile * Tile * _shape.HeadDim) + (column * Tile);
    }

    /// <summary>One head of the queries from one position on.</summary>
    private void Attend(int head, int start)
    {
        int width = _shape.HeadDim;
        int rows = Math.Min(Tile, _shape.Length - start);
        int padded = (rows + TileProduct.RowStep - 1) / TileProduct.RowStep * TileProduct.RowStep;
        int tiles = (start / Tile) + 1;
        T* queries = Queries(head, start, rows, padded, out long stride);
        for (int tile = 0; tile < tiles; tile++)
        {
            TileProduct.Multiply(padded, Tile, width, queries, stride, _keys + (tile * Tile * width), _scores + (tile * Tile * Tile), add: false);
        }

        float* divisors = stackalloc float[Tile];
        for (int row = 0; row < rows; row++)
        {
            divisors[row] = Weigh(_scores + (row * Tile), _weights + (row * Tile), tiles, row + 1, _shape.Scale);
        }

        for (int column = 0; column < width; column += Tile)
        {
            int columns = Math.Min(Tile, width - column);
            for (int tile = 0; tile < tiles; tile++)
            {
                TileProduct.Multiply(padded, columns, Tile, _weights + (tile * Tile * Tile), Tile, Values(tile, column), _sums, add: tile > 0);
            }

            Store(_target + ((long)start * _shape.Heads * width) + (head * width) + column, divisors, rows, columns);
        }
    }

    private T* Queries(int head, int start, int rows, int padded, out long stride)
    {
        int width = _shape.HeadDim;
        T* queries = _first + ((long)start * _shape.RowWidth) + (head * width);
        stride = _shape.RowWidth;
        if (start + padded <= _rowsBehind)
        {
            return queries;
        }

        // The tile's last rows would be read from behind the tensor.
        for (int row = 0; row < rows; row++)
        {
            new Span<T>(queries + (row * stride), width).CopyTo(new Span<T>(_lastQueries + (row * width), width));
        }

        stride = width;
        return _lastQueries;
    }

    /// <summary>exp(scale (score - largest)) of a row, zero in the future; returns their sum.</summary>
    /// <param name="scores">The row in the first tile.</param>
    /// <param name="weights">The same of the result.</param>
    /// <param name="tiles">Tiles of the row.</param>
    /// <param name="last">Scores of the last tile that lie in the past.</param>
    /// <param name="scale">Factor of the scores.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Weigh(float* scores, T* weights, int tiles, int last, float scale)
    {
        float* end = scores + ((tiles - 1) * Tile * Tile);
        new Span<float>(end + last, Tile - last).Fill(float.NegativeInfinity);
        Vector256<float> largest = Vector256.Load(scores);
        for (float* tile = scores; tile <= end; tile += Tile * Tile)
        {
            for (int i = 0; i < Tile; i += 8)
            {
                largest = Vector256.Max(largest, Vector256.Load(tile + i));
            }
        }

        float maximum = largest[0];
        for (int i = 1; i < 8; i++)
        {
            maximum = MathF.Max(maximum, largest[i]);
        }

        Vector256<float> factor = Vector256.Create(scale);
        Vector256<float> shift = Vector256.Create(-maximum * scale);
        Vector256<float> sum = Vector256<float>.Zero;
        for (int tile = 0; tile < tiles; tile++)
        {
            float* x = scores + (tile * Tile * Tile);
            T* y = weights + (tile * Tile * Tile);
            int valid = tile == tiles - 1 ? last : Tile;
            for (int i = 0; i < Tile; i += 8)
            {
                if (i >= valid)
                {
                    TElement.Store(y + i, Vector256<float>.Zero);
                    continue;
                }

                Vector256<float> score = Vector256.Load(x + i);
                Vector256<float> weight = Exponential.Of(Vector256.FusedMultiplyAdd(score, factor, shift));
                weight = Vector256.AndNot(weight, Vector256.Equals(score, Vector256.Create(float.NegativeInfinity)));
                sum += weight;
                TElement.Store(y + i, weight);
            }
        }

        return Vector256.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Store(T* target, float* divisors, int rows, int columns)
    {
        for (int row = 0; row < rows; row++)
        {
            Vector256<float> factor = Vector256.Create(1 / divisors[row]);
            float* x = _sums + (row * Tile);
            T* y = target + ((long)row * _shape.Heads * _shape.HeadDim);
            for (int i = 0; i < columns; i += 8)
            {
                TElement.Store(y + i, Vector256.Load(x + i) * factor);
            }
        }
    }
}
