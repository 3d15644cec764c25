using TorchSharp;

namespace Workbench.Activations.Vectors;

/// <summary>An array of numbers in a file, of which nothing is read before it is opened.</summary>
/// <param name="What">File and array, for messages.</param>
/// <param name="Shape">Sizes, outermost first.</param>
/// <param name="Type">The number type.</param>
/// <param name="IsBigEndian">Whether a number's most significant byte comes first.</param>
/// <param name="IsFortran">Whether the first index runs fastest.</param>
/// <param name="Open">Opens a stream at the first number.</param>
internal sealed record StoredArray(string What, long[] Shape, torch.ScalarType Type, bool IsBigEndian, bool IsFortran, Func<Stream> Open)
{
    public int ElementBytes => (int)Type.ElementSize();

    public long Elements => Shape.Aggregate(1L, (product, size) => checked(product * size));

    public override string ToString()
    {
        return $"{Type} [{string.Join(", ", Shape)}]";
    }
}
