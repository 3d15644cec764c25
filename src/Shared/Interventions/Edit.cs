using Workbench.Models;

namespace Workbench.Interventions;

/// <summary>One change to a model's activations; see <see cref="EditOperation"/> for the formulas.</summary>
public sealed record Edit
{
    /// <summary>Where in the model.</summary>
    public required HookPoint Hook { get; init; }

    /// <summary>What is done.</summary>
    public required EditOperation Operation { get; init; }

    /// <summary>Dictionary of the latent; null where <see cref="Vector"/> gives the direction.</summary>
    public string? Dictionary { get; init; }

    /// <summary>Latent whose direction is meant.</summary>
    public int? Latent { get; init; }

    /// <summary>The direction itself, as long as the hook is wide.</summary>
    public IReadOnlyList<float>? Vector { get; init; }

    /// <summary>How much; without meaning for <see cref="EditOperation.Zero"/> and <see cref="EditOperation.ProjectOut"/>.</summary>
    public double Strength { get; init; }

    /// <summary>Unit of the strength; null for the default, which is the maximum for latents and raw for vectors.</summary>
    public EditUnit? Unit { get; init; }

    /// <summary>Where in the text.</summary>
    public EditPositions Positions { get; init; } = new(EditPositionKind.All);

    /// <summary>Restriction to positions where a latent is active; null for none.</summary>
    public EditCondition? When { get; init; }

    /// <summary>Whether the operation uses the strength.</summary>
    public bool NeedsStrength => Operation is not (EditOperation.Zero or EditOperation.ProjectOut);

    /// <summary>Whether the operation depends on the latent's value.</summary>
    internal bool NeedsLatent => Operation is not (EditOperation.Add or EditOperation.ProjectOut);

    /// <summary>The unit in force.</summary>
    internal EditUnit ResolvedUnit => Unit ?? (Dictionary is null ? EditUnit.Raw : EditUnit.Max);

    /// <summary>Refuses an edit whose parts do not go together.</summary>
    /// <exception cref="WorkbenchException">They do not; the sentence names the field.</exception>
    public void Validate()
    {
        Require(Dictionary is null != Vector is null, "needs either 'dictionary' with 'latent', or 'vector'");
        Require(Dictionary is null == Latent is null, "needs 'dictionary' and 'latent' together");
        Require(Latent is null or >= 0, "has a negative 'latent'");
        Require(Vector is null || (Vector.All(float.IsFinite) && Vector.Any(value => value != 0)), "has a 'vector' that is empty, zero or not finite");
        Require(double.IsFinite(Strength), "has a 'strength' that is not finite");
        Require(ResolvedUnit != EditUnit.Max || Dictionary is not null, "measures a 'vector' in unit 'max', which only a latent has: use 'raw' or 'norm'");
        Require(When is null || Dictionary is not null, "has 'when' without a 'dictionary' whose latent it could ask for");
        Require(When is null || (When.Latent >= 0 && double.IsFinite(When.Above)), "has a 'when' whose 'latent' is negative or whose 'above' is not finite");
        Require(Positions.Kind != EditPositionKind.Range || (Positions.From >= 0 && Positions.To >= Positions.From), "has 'positions' that are not [from,to] with 0 <= from <= to");
    }

    private void Require(bool holds, string sentence)
    {
        if (!holds)
        {
            throw new WorkbenchException($"The edit at {Hook} {sentence}.");
        }
    }
}
