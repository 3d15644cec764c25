using Workbench.Explorer.Data;
using Workbench.Explorer.Jobs;
using Workbench.Workspaces;

namespace Workbench.Explorer.Components.Dialogs;

/// <summary>Asks what to train; queues the training, the index and the evaluation.</summary>
public partial class TrainDialog
{
    /// <summary>The recipes that one number, k, is enough for.</summary>
    private static readonly string[] Recipes =
    [
        "openai-topk", "saelens-topk", "saelens-batchtopk", "saelens-matryoshka", "dictionary-learning-topk", "dictionary-learning-batchtopk",
        "dictionary-learning-matryoshka", "sparsify-topk",
    ];

    private IReadOnlyList<string> _harvests = [];
    private string _harvest = string.Empty;
    private string _recipe = Recipes[0];
    private int _latents = 4096;
    private int _k = 32;
    private long _seed;
    private string _id = string.Empty;

    protected override void OnInitialized()
    {
        _harvests = [.. Browser.Harvests().Where(row => row.Status.State == RunState.Complete).Select(row => row.Id)];
        _harvest = _harvests.Count > 0 ? _harvests[0] : string.Empty;
        _id = $"d{Workspace.Dictionaries().Count + 1}";
    }

    protected override void Enqueue()
    {
        if (!_harvests.Contains(_harvest) || !Recipes.Contains(_recipe))
        {
            throw new UsageException("Choose a harvest and a recipe of the lists.");
        }

        if (_latents < 1 || _k < 1 || _k > _latents)
        {
            throw new UsageException($"k is {_k} of {_latents} latents, where 1 to {Math.Max(1, _latents)} was expected.");
        }

        RefuseTaken(Workspace.DictionaryFolder(_id), "dictionary", _id);

        string chain = $"train {_id}";
        Queue.Enqueue(new TrainSpec(_id, _harvest, _recipe, _latents, _k, _seed), chain);
        Queue.Enqueue(new IndexSpec(_id, _harvest), chain);
        Queue.Enqueue(new EvaluateSpec(_id), chain);
    }
}
