using static TorchSharp.torch;

namespace Workbench.Models.Weights.Pickle;

/// <summary>A tensor that a pickle describes; its bytes stay in the archive until they are read.</summary>
/// <param name="Type">Number type.</param>
/// <param name="Key">Name of the storage below <c>data/</c>.</param>
/// <param name="StorageLength">Elements that the storage claims to have.</param>
/// <param name="Offset">First element within the storage.</param>
/// <param name="Shape">Sizes.</param>
/// <param name="Strides">Elements between neighbours along each axis.</param>
internal sealed record TorchTensor(ScalarType Type, string Key, long StorageLength, long Offset, long[] Shape, long[] Strides)
{
    /// <summary>Number of elements; huge claims saturate.</summary>
    public Int128 Elements => Shape.Aggregate((Int128)1, (product, size) => product > long.MaxValue ? product : product * size);

    /// <summary>Elements that the storage must have for this tensor.</summary>
    public Int128 Needed
    {
        get
        {
            if (Elements == 0)
            {
                return 0;
            }

            Int128 last = Offset;
            for (int axis = 0; axis < Shape.Length; axis++)
            {
                last += (Int128)(Shape[axis] - 1) * Strides[axis];
            }

            return last + 1;
        }
    }
}
