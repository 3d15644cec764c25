namespace Workbench.Models.Weights;

/// <summary>One of ggml's block forms.</summary>
internal interface IGgufBlock
{
    /// <summary>Numbers a block holds.</summary>
    static abstract int Values { get; }

    /// <summary>Bytes a block takes.</summary>
    static abstract int Bytes { get; }

    /// <summary>Decodes successive blocks; both spans hold the same whole number of them.</summary>
    static abstract void Decode(ReadOnlySpan<byte> blocks, Span<float> values);
}
