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
    private const int Rows = AttentionTiles.QueryRows;
    private const int Chunk = AttentionTiles.KeyChunk;
    private const int Columns = TileProduct.Columns;

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
        int packed = shape.PaddedLength * shape.HeadDim;
        int scores = shape.PaddedLength * Rows;
        byte* scratch = ThreadScratch.Take(((long)(scores + (Rows * Columns)) * sizeof(float)) + ((long)((2 * packed) + scores + (Rows * shape.HeadDim)) * sizeof(T)));
        _scores = (float*)scratch;
        _sums = _scores + scores;
        _keys = (T*)(_sums + (Rows * Columns));
        _values = _keys + packed;
        _weights = _values + packed;
        _lastQueries = _weights + scores;
    }

    /// <summary>Attends.</summary>
    public void Run()
    {
        for (int start = 0; start < _shape.Length; start += Chunk)
        {
            Pack(start);
        }

        int share = _shape.Heads / _shape.Groups;
        for (int head = _group * share; head < (_group + 1) * share; head++)
        {
            for (int start = 0; start < _shape.Length; start += Rows)
            {
                Attend(head, start);
            }
        }
    }

    /// <summary>Keys as the second factor of the scores, values as that of the result; zeros behind the sequence's end.</summary>
    private void Pack(int start)
    {
        int width = _shape.HeadDim;
        int rows = Math.Min(Chunk, _shape.Length - start);
        int padded = RoundedUp(rows);
        T* key = _first + ((long)start * _shape.RowWidth) + ((_shape.Heads + _group) * width);
        long words = _shape.RowWidth * sizeof(T) / sizeof(uint);
        PackKernel.Transpose((uint*)key, words, rows, width * sizeof(T) / sizeof(uint), (uint*)(_keys + (start * width)), Chunk, padded);
        T* value = key + (_shape.Groups * width);
        for (int column = 0; column < width; column += Columns)
        {
            int columns = Math.Min(Columns, width - column);
            T* packed = Values(start, column);
            new Span<T>(packed + (rows * columns), (padded - rows) * columns).Clear();
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

    private T* Values(int start, int column)
    {
        return _values + (start * _shape.HeadDim) + (column * Chunk);
    }

    /// <summary>One head of the queries from one position on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Attend(int head, int start)
    {
        int width = _shape.HeadDim;
        int rows = Math.Min(Rows, _shape.Length - start);
        int tall = (rows + TileProduct.RowStep - 1) / TileProduct.RowStep * TileProduct.RowStep;
        int end = start + Rows;
        T* queries = Queries(head, start, rows, tall, out long stride);
        for (int key = 0; key < end; key += Chunk)
        {
            TileProduct.Multiply(tall, Math.Min(Chunk, end - key), width, queries, stride, _keys + (key * width), Chunk, _scores + (key * Rows), Chunk, add: false);
        }

        float* sums = stackalloc float[Rows];
        for (int row = 0; row < rows; row++)
        {
            sums[row] = SoftmaxKernel.Weigh<T, TElement>(_scores + (row * Chunk), _weights + (row * Chunk), start + row + 1, end, _shape.Scale);
        }

        for (int column = 0; column < width; column += Columns)
        {
            int columns = Math.Min(Columns, width - column);
            for (int key = 0; key < end; key += Chunk)
            {
                TileProduct.Multiply(
                    tall, columns, Math.Min(Chunk, end - key), _weights + (key * Rows), Chunk, Values(key, column), columns, _sums, Columns, add: key > 0);
            }

            Store(_target + ((long)start * _shape.Heads * width) + (head * width) + column, sums, rows, columns);
        }
    }

    private T* Queries(int head, int start, int rows, int tall, out long stride)
    {
        int width = _shape.HeadDim;
        T* queries = _first + ((long)start * _shape.RowWidth) + (head * width);
        stride = _shape.RowWidth;
        if (start + tall <= _rowsBehind)
        {
            return queries;
        }

        // The last rows of the tile would be read from behind the tensor.
        for (int row = 0; row < rows; row++)
        {
            new Span<T>(queries + (row * stride), width).CopyTo(new Span<T>(_lastQueries + (row * width), width));
        }

        stride = width;
        return _lastQueries;
    }

    private static int RoundedUp(int keys)
    {
        return (keys + SoftmaxKernel.Step - 1) / SoftmaxKernel.Step * SoftmaxKernel.Step;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Store(T* target, float* divisors, int rows, int columns)
    {
        for (int row = 0; row < rows; row++)
        {
            Vector256<float> factor = Vector256.Create(1 / divisors[row]);
            float* x = _sums + (row * Columns);
            T* y = target + ((long)row * _shape.Heads * _shape.HeadDim);
            for (int i = 0; i < columns; i += 8)
            {
                TElement.Store(y + i, Vector256.Load(x + i) * factor);
            }
        }
    }
}
