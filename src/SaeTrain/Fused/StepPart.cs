namespace Workbench.SaeTrain.Fused;

/// <summary>Parts of a step that benchmarks tell apart.</summary>
internal enum StepPart
{
    Product,
    Selection,
    Decode,
    Auxiliary,
    Sort,
    Update,
}
