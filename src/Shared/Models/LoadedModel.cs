using Workbench.Text.Tokenizers;

namespace Workbench.Models;

/// <summary>A model ready to run, with its tokenizer.</summary>
public sealed class LoadedModel : IDisposable
{
    private readonly ModelFiles _files;

    internal LoadedModel(ModelFiles files, LanguageModel model, TextTokenizer tokenizer)
    {
        _files = files;
        Model = model;
        Tokenizer = tokenizer;
    }

    /// <summary>The model.</summary>
    public LanguageModel Model { get; }

    /// <summary>Its tokenizer.</summary>
    public TextTokenizer Tokenizer { get; }

    /// <summary>What the model is called: its folder's or file's name.</summary>
    public string Name => _files.Name;

    /// <summary>Where its files are.</summary>
    public string Path => _files.Path;

    /// <summary>What of its files is not loaded, as a sentence; null where all is. See <see cref="ModelFiles.DescribeLeftAside"/>.</summary>
    public string? LeftAside => _files.DescribeLeftAside();

    /// <summary>SHA-256 of its weights, lower-case hexadecimal; computed at the first use.</summary>
    public string Hash => _files.Hash;

    /// <inheritdoc/>
    public void Dispose()
    {
        Model.Dispose();
    }
}
