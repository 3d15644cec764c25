using Workbench.SaeTrain.Objectives;

namespace Workbench.SaeTrain.Fused;

/// <summary>
/// An objective whose steps have a fused form. Only sealed classes are one: what derives from an objective may change what its form
/// takes for granted.
/// </summary>
internal interface IFusedObjective : ITrainingObjective
{
    /// <summary>Entries that are chosen in every row, or null where that number is not the same for all of them.</summary>
    int? EntriesPerRow { get; }

    /// <summary>The fused form of the steps.</summary>
    FusedRecipe Fuse(FusedContext context);
}
