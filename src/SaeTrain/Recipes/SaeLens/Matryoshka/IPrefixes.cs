namespace Workbench.SaeTrain.Recipes.SaeLens.Matryoshka;

/// <summary>The prefixes of latents that reconstruct by themselves in each step.</summary>
internal interface IPrefixes
{
    /// <summary>Lengths of a step's prefixes, ascending; the last is all latents.</summary>
    IReadOnlyList<int> At(long step);

    /// <summary>Name of an inner prefix's loss; several of one name are added up.</summary>
    string LossName(int length);
}
