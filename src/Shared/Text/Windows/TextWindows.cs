using Workbench.Text.Corpora;
using Workbench.Text.Tokenizers;

namespace Workbench.Text.Windows;

/// <summary>
/// The documents of a corpus as windows of at most a context's tokens. Harvests and evaluations cut alike, so that their
/// activations are comparable.
/// </summary>
public sealed class TextWindows
{
    private readonly ICorpus _corpus;
    private readonly CorpusSplit _split;
    private readonly TextTokenizer _tokenizer;
    private readonly WindowSettings _settings;
    private readonly IWindowMode _mode;

    /// <summary>Windows over one split of a corpus.</summary>
    /// <param name="corpus">The documents.</param>
    /// <param name="split">Which of them.</param>
    /// <param name="tokenizer">Cuts texts into tokens.</param>
    /// <param name="settings">How to cut.</param>
    /// <exception cref="WorkbenchException">There is no mode of that name, or the context has no room for text.</exception>
    public TextWindows(ICorpus corpus, CorpusSplit split, TextTokenizer tokenizer, WindowSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _corpus = corpus;
        _split = split;
        _tokenizer = tokenizer;
        _settings = settings;
        _mode = WindowModes.Find(settings.Mode);
        if (settings.Room < 1)
        {
            throw new WorkbenchException($"A context of {settings.Context} has no room for text behind BOS; raise it.");
        }
    }

    /// <summary>All windows in the order of text; a document without a token gives none.</summary>
    public IEnumerable<TextWindow> All()
    {
        return _mode.Cut(Documents(), _settings);
    }

    private IEnumerable<TokenizedDocument> Documents()
    {
        return _corpus.Documents(_split)
            .Select(document => new TokenizedDocument(document, _tokenizer.Encode(document.Text)))
            .Where(text => text.Tokens.Length > 0);
    }
}
