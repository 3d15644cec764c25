using Workbench.Activations;
using Workbench.SaeTrain.Evaluation;
using Workbench.Workspaces;

namespace Workbench.SaeTrain.Training.HeldOut;

/// <summary>The held-out evaluations of a process: one for all runs that read the same activations.</summary>
internal sealed class HeldOutEvaluations(Workspace workspace) : IDisposable
{
    private readonly Dictionary<(string Harvest, string Hook, long Tokens, string? Model), HeldOutEvaluation?> _open = [];

    /// <summary>The evaluation of a run, or null where there is none; one line then says why.</summary>
    public IHeldOutEvaluation? Find(HarvestInfo harvest, TrainingConfig config, Action<string> log)
    {
        if (config.EvaluateEvery == 0)
        {
            return null;
        }

        var key = (harvest.Id, string.Join(",", config.StoredHooks), config.EvaluateTokens, config.Model);
        if (!_open.TryGetValue(key, out HeldOutEvaluation? evaluation))
        {
            try
            {
                evaluation = HeldOutEvaluation.Open(workspace, harvest, config);
            }
            catch (WorkbenchException absent)
            {
                log($"No evaluation on held-out text: {absent.Message}");
            }

            _open.Add(key, evaluation);
        }

        return evaluation;
    }

    public void Dispose()
    {
        foreach (HeldOutEvaluation? evaluation in _open.Values)
        {
            evaluation?.Dispose();
        }
    }
}
