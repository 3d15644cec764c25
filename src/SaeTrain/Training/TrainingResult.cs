using Workbench.SaeTrain.Training.Backends;

namespace Workbench.SaeTrain.Training;

/// <summary>What <c>train</c> reports at its end.</summary>
/// <param name="Id">The dictionary's id.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="State">Always <c>complete</c>: other ends are errors.</param>
/// <param name="AlreadyComplete">Whether there was nothing left to do.</param>
/// <param name="Config">The full configuration.</param>
/// <param name="WeightsHash">SHA-256 over the saved weights.</param>
/// <param name="Last">The numbers of the last step.</param>
/// <param name="Seconds">Seconds spent by this process.</param>
internal sealed record TrainingResult(
    string Id,
    string Folder,
    string State,
    bool AlreadyComplete,
    TrainingConfig Config,
    string WeightsHash,
    StepReport? Last,
    double Seconds);
