using System.Text.Json.Nodes;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries.Formats;

/// <summary>One kind of dictionary in the workbench's own layout; adding one is a file and a line in <see cref="WorkbenchFormat"/>.</summary>
internal interface IWorkbenchKind
{
    /// <summary>The name under <c>kind</c> in <c>cfg.json</c>.</summary>
    string Name { get; }

    bool Holds(ILatentModel model);

    /// <summary>Keys of <c>cfg.json</c> besides format, format_version and kind; any other is refused.</summary>
    IReadOnlySet<string> Keys { get; }

    ILatentModel Read(JsonFields fields, StrictTensors tensors, Device device);

    /// <summary>The keys' values, and the tensors by name.</summary>
    (JsonObject Config, IReadOnlyList<(string Name, Tensor Tensor)> Tensors) Describe(ILatentModel model);
}
