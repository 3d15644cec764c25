using Workbench.Workspaces;

namespace Workbench.Harvest.Harvesting;

/// <summary>What a harvest takes from outside.</summary>
/// <param name="Open">Loads the model and opens the corpus, for a device and a precision by name.</param>
/// <param name="Time">The clock.</param>
/// <param name="Sink">Receives progress beside progress.json.</param>
/// <param name="Files">Opens files for writing; null for plain file streams.</param>
internal sealed record HarvestEnvironment(
    Func<string, string, HarvestInputs> Open,
    TimeProvider Time,
    IProgressSink? Sink = null,
    FileOpener? Files = null);
