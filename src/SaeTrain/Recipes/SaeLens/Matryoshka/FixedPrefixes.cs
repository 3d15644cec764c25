namespace Workbench.SaeTrain.Recipes.SaeLens.Matryoshka;

/// <summary>The same prefixes in every step.</summary>
internal sealed class FixedPrefixes(IReadOnlyList<int> lengths) : IPrefixes
{
    public IReadOnlyList<int> At(long step)
    {
        return lengths;
    }

    public string LossName(int length)
    {
        return $"inner_mse_loss_{length}";
    }
}
