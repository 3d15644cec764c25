namespace Workbench.SaeTrain.Fused;

/// <summary>The squared error that is minimised: of one reconstruction, or of nested ones.</summary>
/// <param name="Prefixes">End of each nested reconstruction's latents, ascending, the last being all.</param>
/// <param name="Weights">Weight of each one's error.</param>
/// <param name="Scale">Factor of the mean over rows of the error's sum over features.</param>
internal sealed record ReconstructionPlan(IReadOnlyList<int> Prefixes, IReadOnlyList<double> Weights, double Scale)
{
    /// <summary>One reconstruction from all latents.</summary>
    public static ReconstructionPlan Whole(int latents, double scale)
    {
        return new ReconstructionPlan([latents], [1], scale);
    }
}
