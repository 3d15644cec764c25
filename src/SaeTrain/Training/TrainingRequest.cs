using Workbench.SaeTrain.Training.Settings;

namespace Workbench.SaeTrain.Training;

/// <summary>What <c>train</c> is asked for.</summary>
/// <param name="Workspace">Folder of the workspace.</param>
/// <param name="Id">Id of the dictionary.</param>
/// <param name="Settings">What was set; the rest follows from recipe, data and machine.</param>
internal sealed record TrainingRequest(string Workspace, string Id, TrainingSettings Settings);
