using static TorchSharp.torch;

namespace Workbench.Models.Weights;

/// <summary>Where one tensor lies in a safetensors file.</summary>
/// <param name="Name">Name of the tensor.</param>
/// <param name="Type">Number type as stored.</param>
/// <param name="Shape">Sizes, outermost first.</param>
/// <param name="Offset">First byte, from the start of the file.</param>
/// <param name="Length">Bytes.</param>
public sealed record SafetensorsEntry(string Name, ScalarType Type, long[] Shape, long Offset, long Length);
