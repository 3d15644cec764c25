namespace Workbench.SaeTrain.Recipes.Sparsify;

/// <summary>Options of sparsify's recipes, named as the peer names them.</summary>
internal record SparsifyOptions : IRecipeOptions
{
    /// <summary>How latents are chosen.</summary>
    public required SparsifyActivation Activation { get; init; }

    /// <summary>Latents kept in each row, at the end of a decay.</summary>
    public required int K { get; init; }

    /// <summary>Whether 4k latents must reconstruct as well, at an eighth of the weight.</summary>
    public bool MultiTopk { get; init; }

    /// <summary>Weight of the auxiliary reconstruction by dead latents; 0 for none.</summary>
    public double AuxkAlpha { get; init; }

    /// <summary>Steps over which the number of latents kept falls to k; 0 for none.</summary>
    public long KDecaySteps { get; init; }

    /// <summary>Latents kept at the start of a decay.</summary>
    public required int KInitial { get; init; }

    /// <summary>Whether decoder rows are kept at unit norm; an autoencoder's only.</summary>
    public bool NormalizeDecoder { get; init; } = true;

    /// <summary>Latents kept in a step: sparsify sets them at the end of the step before, from that step's number.</summary>
    public int KeptAt(long step)
    {
        long counted = Math.Max(0, step - 1);
        if (counted >= KDecaySteps)
        {
            return K;
        }

        double done = counted / (double)KDecaySteps;
        return (int)Math.Round((KInitial * (1 - done)) + (K * done), MidpointRounding.ToEven);
    }

    public void Validate(RunSizes sizes)
    {
        RecipeChecks.Within("k", K, 1, sizes.Latents);
        RecipeChecks.Within("k_initial", KInitial, 1, sizes.Latents);
        RecipeChecks.NotNegative("k_decay_steps", KDecaySteps);
        RecipeChecks.NotNegative("auxk_alpha", AuxkAlpha);
        if (Activation == SparsifyActivation.GroupMax)
        {
            ValidateGroups(sizes);
        }
    }

    private void ValidateGroups(RunSizes sizes)
    {
        if (sizes.Latents % K != 0)
        {
            throw new UsageException($"--k is {K}, and {sizes.Latents} latents cannot be split in {K} groups of equal size, as activation groupmax does; give a divisor.");
        }

        if (MultiTopk || KDecaySteps > 0)
        {
            throw new UsageException("Options multi_topk and k_decay_steps need activation topk: groupmax has one latent in each of k fixed groups.");
        }
    }
}
