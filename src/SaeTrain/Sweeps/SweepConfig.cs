using System.Text.Json;

namespace Workbench.SaeTrain.Sweeps;

/// <summary>The <c>config</c> of a sweep's run.json.</summary>
/// <param name="Grid">The grid as it was given.</param>
/// <param name="Dictionaries">The ids that follow from it.</param>
internal sealed record SweepConfig(JsonElement Grid, IReadOnlyList<string> Dictionaries);
