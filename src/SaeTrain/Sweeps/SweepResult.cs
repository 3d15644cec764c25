namespace Workbench.SaeTrain.Sweeps;

/// <summary>What <c>sweep</c> reports at its end; the content of its <c>result.json</c>.</summary>
/// <param name="Id">The sweep's id.</param>
/// <param name="Dictionaries">How each dictionary ended.</param>
/// <param name="Seconds">Seconds spent by this process.</param>
internal sealed record SweepResult(string Id, IReadOnlyList<SweepOutcome> Dictionaries, double Seconds);
