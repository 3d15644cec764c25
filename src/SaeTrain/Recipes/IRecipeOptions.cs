namespace Workbench.SaeTrain.Recipes;

/// <summary>A recipe's own options: a record whose keys are the peer's names in snake_case.</summary>
internal interface IRecipeOptions
{
    /// <summary>Checks the values.</summary>
    /// <exception cref="UsageException">One does not fit; the sentence names it.</exception>
    void Validate(RunSizes sizes);
}
