using System.Text.Json;

namespace Workbench.SaeTrain.Sweeps;

/// <summary>What <c>sweep</c> is asked for.</summary>
/// <param name="Workspace">Folder of the workspace.</param>
/// <param name="Id">Id of the sweep.</param>
/// <param name="Grid">The grid file's object.</param>
/// <param name="Source">The grid file, for messages.</param>
/// <param name="Jobs">Most dictionaries that are trained side by side; null for all that read the same rows.</param>
internal sealed record SweepRequest(string Workspace, string Id, JsonElement Grid, string Source, int? Jobs);
