namespace Workbench.Models.Weights;

/// <summary>Where one tensor lies in a GGUF file.</summary>
/// <param name="Name">Name of the tensor.</param>
/// <param name="Type">Number type as stored.</param>
/// <param name="Shape">Sizes, outermost first (the file lists them innermost first).</param>
/// <param name="Offset">First byte, from the start of the file.</param>
/// <param name="Length">Bytes.</param>
public sealed record GgufTensor(string Name, GgufType Type, long[] Shape, long Offset, long Length);
