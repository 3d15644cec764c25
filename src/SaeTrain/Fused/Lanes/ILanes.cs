namespace Workbench.SaeTrain.Fused.Lanes;

/// <summary>Arithmetic on vectors of float32 of one width, so that a kernel is written once for all of them.</summary>
/// <typeparam name="TVector">The vector.</typeparam>
internal unsafe interface ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>Numbers in a vector.</summary>
    static abstract int Count { get; }

    static abstract TVector Create(float value);

    static abstract TVector Load(float* source);

    /// <summary>Widens bfloat16 numbers.</summary>
    static abstract TVector Load(ushort* source);

    /// <summary>Converts whole numbers.</summary>
    static abstract TVector Load(int* source);

    static abstract void Store(TVector value, float* target);

    /// <summary>Rounds to bfloat16, to nearest even.</summary>
    static abstract void Store(TVector value, ushort* target);

    static abstract TVector Add(TVector left, TVector right);

    static abstract TVector Subtract(TVector left, TVector right);

    static abstract TVector Multiply(TVector left, TVector right);

    static abstract TVector Divide(TVector left, TVector right);

    static abstract TVector Sqrt(TVector value);

    static abstract TVector Abs(TVector value);

    /// <summary><c>left * right + addend</c>, rounded once where the processor can.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector addend);

    static abstract float Sum(TVector value);

    /// <summary>A bit for each lane where left is greater than right.</summary>
    static abstract ulong Above(TVector left, TVector right);
}
