using static TorchSharp.torch;

namespace Workbench.Models.Weights.Pickle;

/// <summary>A storage that a pickle names by a persistent id.</summary>
internal sealed record TorchStorage(ScalarType Type, string Key, long Length);
