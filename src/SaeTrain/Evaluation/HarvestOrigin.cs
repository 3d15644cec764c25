using Workbench.Activations;
using Workbench.Models;
using Workbench.Text.Corpora;
using Workbench.Text.Tokenizers;
using Workbench.Workspaces;

namespace Workbench.SaeTrain.Evaluation;

/// <summary>Finds again what a harvest was made from, by hash.</summary>
internal static class HarvestOrigin
{
    /// <summary>Finds the files of the model that made a harvest.</summary>
    /// <param name="info">The harvest.</param>
    /// <param name="place">Where it is; null for where it was, or else its name.</param>
    /// <param name="workspace">The workspace that names are looked up in.</param>
    /// <exception cref="WorkbenchException">They are not found, or are of another model.</exception>
    public static ModelFiles FindModel(HarvestInfo info, string? place, Workspace workspace)
    {
        bool stillThere = File.Exists(info.ModelPath) || Directory.Exists(info.ModelPath);
        ModelFiles files = ModelFiles.Find(place ?? (stillThere ? info.ModelPath : info.Model), workspace.Root);
        return files.Hash == info.ModelHash
            ? files
            : throw new WorkbenchException(
                $"Harvest {info.Id} was made by model {info.Model} with sha256 {info.ModelHash}, and {files.Path} has {files.Hash}; give the model that made it with --model.");
    }

    /// <summary>Opens the held-out text of a harvest's corpus.</summary>
    /// <exception cref="WorkbenchException">Tokenizer or corpus are not found, or have changed.</exception>
    public static HeldOutWindows OpenHeldOut(HarvestInfo info, ModelFiles model)
    {
        TextTokenizer tokenizer = ModelLoader.LoadTokenizer(model);
        ICorpus corpus = CorpusRegistry.Open(info.Corpus);
        if (tokenizer.Hash != info.TokenizerHash || corpus.Hash != info.CorpusHash)
        {
            string which = tokenizer.Hash != info.TokenizerHash ? "tokenizer" : "corpus";
            throw new WorkbenchException($"The {which} of harvest {info.Id} has changed since it was made, so that its held-out text would be another; harvest again.");
        }

        return new HeldOutWindows(info, corpus, tokenizer);
    }
}
