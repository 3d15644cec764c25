namespace Workbench.SaeTrain.Sweeps;

/// <summary>How one dictionary of a sweep ended.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State"><c>complete</c> or <c>failed</c>.</param>
/// <param name="Error">The sentence of a failure.</param>
internal sealed record SweepOutcome(string Id, string State, string? Error);
