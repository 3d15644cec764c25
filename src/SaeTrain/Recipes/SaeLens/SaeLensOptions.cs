namespace Workbench.SaeTrain.Recipes.SaeLens;

/// <summary>Options that every SAELens architecture has, named as SAELens names them.</summary>
internal abstract record SaeLensOptions : IRecipeOptions
{
    /// <summary>Value of <see cref="NormalizeActivations"/> for activations as they are.</summary>
    public const string NotNormalized = "none";

    /// <summary>Value of <see cref="NormalizeActivations"/> for one factor that makes the mean norm of rows sqrt(d).</summary>
    public const string ExpectedAverage = "expected_average_only_in";

    /// <summary>Norm of decoder rows at the start.</summary>
    public double DecoderInitNorm { get; init; } = 0.1;

    /// <summary>Scale of the activations in training: <c>none</c>, or <c>expected_average_only_in</c>, which is folded into the saved weights.</summary>
    public string NormalizeActivations { get; init; } = NotNormalized;

    public virtual void Validate(RunSizes sizes)
    {
        RecipeChecks.Positive("decoder_init_norm", DecoderInitNorm);
        if (NormalizeActivations is not (NotNormalized or ExpectedAverage))
        {
            throw new UsageException($"Option normalize_activations is '{NormalizeActivations}', where {NotNormalized} or {ExpectedAverage} was expected.");
        }
    }
}
