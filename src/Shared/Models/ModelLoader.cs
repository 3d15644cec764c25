using Workbench.Models.Weights;
using Workbench.Text.Tokenizers;

namespace Workbench.Models;

/// <summary>Loads models with their tokenizers.</summary>
public static class ModelLoader
{
    /// <summary>Loads a model.</summary>
    /// <param name="model">A model that comes with the program (<c>docs-lm</c>), a name in the workspace's models, a folder, or a .gguf file.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="WorkbenchException">There is no such model, or one of its files is not as it should be.</exception>
    public static LoadedModel Load(string model, ModelLoadOptions? options = null)
    {
        options ??= new ModelLoadOptions();
        ModelFiles files = ModelFiles.Find(model, options.WorkspaceRoot);
        TextTokenizer tokenizer = LoadTokenizer(files);
        return new LoadedModel(files, files.LoadModel(options.Device, options.Precision), tokenizer);
    }

    /// <summary>Loads the tokenizer alone.</summary>
    /// <exception cref="WorkbenchException">The model has none, or one that is not supported.</exception>
    public static TextTokenizer LoadTokenizer(ModelFiles files)
    {
        if (files.IsGguf)
        {
            using GgufFile file = GgufFile.Open(files.Path);
            return TokenizerLoader.FromGguf(file);
        }

        string path = Path.Combine(files.Path, "tokenizer.json");
        return File.Exists(path)
            ? TokenizerLoader.FromJson(path)
            : throw new WorkbenchException($"{files.Path} lacks tokenizer.json; put the model's tokenizer there.");
    }
}
