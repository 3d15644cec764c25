using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Workbench.Models.Kernels;

/// <summary>Unnormalised weights of attention, exp(scale (score - largest)), of a row of scores that lies in chunks.</summary>
/// <remarks>Scores and weights are [chunks, <see cref="AttentionTiles.QueryRows"/>, <see cref="AttentionTiles.KeyChunk"/>].</remarks>
internal static unsafe class SoftmaxKernel
{
    /// <summary>Numbers to which a row is filled up.</summary>
    public const int Step = 32;

    private const int Chunk = AttentionTiles.KeyChunk;
    private const int Pitch = AttentionTiles.QueryRows * Chunk;

    /// <summary>Weighs a row.</summary>
    /// <param name="scores">The row in the first chunk; changed behind <paramref name="count"/>.</param>
    /// <param name="weights">The same for the result, filled up by zeros.</param>
    /// <param name="count">Scores.</param>
    /// <param name="padded"><paramref name="count"/> rounded up to whole steps.</param>
    /// <param name="scale">Factor of the scores.</param>
    /// <returns>Sum of the weights.</returns>
    public static float Weigh<T, TElement>(float* scores, T* weights, int count, int padded, float scale)
        where T : unmanaged
        where TElement : IElement<T>
    {
        int last = (padded - 1) / Chunk * Chunk;
        new Span<float>(scores + (last / Chunk * Pitch) + count - last, padded - count).Fill(float.NegativeInfinity);
        return Avx512F.IsSupported ? Weigh512<T, TElement>(scores, weights, padded, scale) : Weigh256<T, TElement>(scores, weights, padded, scale);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Weigh512<T, TElement>(float* scores, T* weights, int padded, float scale)
        where T : unmanaged
        where TElement : IElement<T>
    {
        Vector512<float> largest = Vector512.Create(float.NegativeInfinity);
        Vector512<float> other = largest;
        float* x = scores;
        for (int rest = padded; rest > 0; rest -= Chunk, x += Pitch)
        {
            int count = Math.Min(Chunk, rest);
            for (int i = 0; i < count; i += Step)
            {
                largest = Avx512F.Max(largest, Vector512.Load(x + i));
                other = Avx512F.Max(other, Vector512.Load(x + i + 16));
            }
        }

        largest = Avx512F.Max(largest, other);
        float maximum = Largest(Avx.Max(largest.GetLower(), largest.GetUpper()));
        Vector512<float> factor = Vector512.Create(scale * Exponential.PerLog2);
        Vector512<float> shift = Vector512.Create(-maximum * (scale * Exponential.PerLog2));
        Vector512<float> sum = Vector512<float>.Zero;
        Vector512<float> second = Vector512<float>.Zero;
        x = scores;
        for (int rest = padded; rest > 0; rest -= Chunk, x += Pitch, weights += Pitch)
        {
            int count = Math.Min(Chunk, rest);
            for (int i = 0; i < count; i += Step)
            {
                Vector512<float> a = Exponential.OfTwo(Vector512.FusedMultiplyAdd(Vector512.Load(x + i), factor, shift));
                Vector512<float> b = Exponential.OfTwo(Vector512.FusedMultiplyAdd(Vector512.Load(x + i + 16), factor, shift));
                sum += a;
                second += b;
                TElement.StoreWeights(weights + i, a);
                TElement.StoreWeights(weights + i + 16, b);
            }
        }

        return Vector512.Sum(sum + second);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Weigh256<T, TElement>(float* scores, T* weights, int padded, float scale)
        where T : unmanaged
        where TElement : IElement<T>
    {
        Vector256<float> largest = Vector256.Create(float.NegativeInfinity);
        float* x = scores;
        for (int rest = padded; rest > 0; rest -= Chunk, x += Pitch)
        {
            int count = Math.Min(Chunk, rest);
            for (int i = 0; i < count; i += 8)
            {
                largest = Avx.Max(largest, Vector256.Load(x + i));
            }
        }

        Vector256<float> factor = Vector256.Create(scale);
        Vector256<float> shift = Vector256.Create(-Largest(largest) * scale);
        Vector256<float> sum = Vector256<float>.Zero;
        x = scores;
        for (int rest = padded; rest > 0; rest -= Chunk, x += Pitch, weights += Pitch)
        {
            int count = Math.Min(Chunk, rest);
            for (int i = 0; i < count; i += 8)
            {
                Vector256<float> score = Vector256.Load(x + i);
                Vector256<float> weight = Exponential.Of(Vector256.FusedMultiplyAdd(score, factor, shift));
                weight = Vector256.AndNot(weight, Vector256.Equals(score, Vector256.Create(float.NegativeInfinity)));
                sum += weight;
                TElement.Store(weights + i, weight);
            }
        }

        return Vector256.Sum(sum);
    }

    private static float Largest(Vector256<float> values)
    {
        Vector128<float> four = Sse.Max(values.GetLower(), values.GetUpper());
        Vector128<float> two = Sse.Max(four, Sse.MoveHighToLow(four, four));
        return MathF.Max(two[0], two[1]);
    }
}
