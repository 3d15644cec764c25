namespace Workbench.Models.Weights.Pickle;

/// <summary>A name that a pickle refers to; nothing is imported, it is only compared.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    private static readonly HashSet<string> s_known = new(StringComparer.Ordinal)
    {
        "collections.OrderedDict", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_parameter",
    };

    public string Full => $"{Module}.{Name}";

    public bool IsKnown => s_known.Contains(Full) || (Module == "torch" && TorchTypes.IsStorage(Name));
}
