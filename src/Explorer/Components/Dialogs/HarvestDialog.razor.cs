using Workbench.Explorer.Data;
using Workbench.Explorer.Jobs;
using Workbench.Models;
using Workbench.Text.Windows;
using Workbench.Workspaces;

namespace Workbench.Explorer.Components.Dialogs;

/// <summary>Asks what to harvest; models and texts are chosen from the workspace, so no path comes from the browser.</summary>
public partial class HarvestDialog
{
    private IReadOnlyList<string> _models = [];
    private IReadOnlyList<string> _corpora = [];
    private string _model = string.Empty;
    private string _corpus = DemoPlan.Corpus;
    private string _hooks = "blocks.3.hook_resid_post";
    private long _tokens = 400_000;
    private int _context = 128;
    private string _windows = WindowModes.PerDocument;
    private bool _excludeSpecial;
    private double? _maxNormMultiple;
    private string _id = string.Empty;

    protected override void OnInitialized()
    {
        _models = Browser.Models();
        _corpora = Browser.Corpora();
        _model = _models[0];
        _id = $"h{Workspace.Harvests().Count + 1}";
    }

    protected override void Enqueue()
    {
        if (!_models.Contains(_model) || !_corpora.Contains(_corpus))
        {
            throw new UsageException("Choose a model and a corpus of the lists.");
        }

        string[] hooks = _hooks.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (hooks.Length == 0 || !WindowModes.Names.Contains(_windows) || _maxNormMultiple is <= 1)
        {
            throw new UsageException("Name at least one hook point, and a multiple of the median norm above 1 or none.");
        }

        Array.ForEach(hooks, hook => HookPoint.Parse(hook));
        if (_tokens < 1 || _context < 2)
        {
            throw new UsageException($"Tokens are {_tokens} and the context {_context}, where at least 1 and 2 were expected.");
        }

        RefuseTaken(Workspace.HarvestFolder(_id), "harvest", _id);
        string corpus = _corpus == _corpora[0] ? _corpus : Browser.Inside(Path.Combine(WorkspaceBrowser.CorporaFolder, _corpus));
        Queue.Enqueue(new HarvestSpec(_id, _model, corpus, hooks, _tokens, _context)
        {
            Windows = _windows,
            ExcludeSpecial = _excludeSpecial,
            MaxNormMultiple = _maxNormMultiple,
        });
    }
}
