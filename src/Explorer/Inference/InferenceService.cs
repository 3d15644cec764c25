using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Explorer.Data;
using Workbench.Explorer.Models;
using Workbench.Models;

namespace Workbench.Explorer.Inference;

/// <summary>What pages ask of a model; all tensor work happens on the worker's thread.</summary>
internal sealed class InferenceService(ModelWorker worker) : IDisposable
{
    private readonly ModelCache _cache = new();

    /// <summary>Where a feature fires in a text.</summary>
    /// <exception cref="WorkbenchException">The model is not here, or the text is empty.</exception>
    public Task<TextActivations> ActivationsAsync(FeatureSpace space, int latent, string text, CancellationToken cancellation)
    {
        return worker.RunAsync(_ => Activations(space, latent, text), cancellation);
    }

    /// <summary>Runs work that needs the model.</summary>
    public Task<T> RunAsync<T>(Func<ModelCache, CancellationToken, T> work, CancellationToken cancellation)
    {
        return worker.RunAsync(token => work(_cache, token), cancellation);
    }

    public void Dispose()
    {
        worker.Dispose();
        _cache.Dispose();
    }

    private TextActivations Activations(FeatureSpace space, int latent, string text)
    {
        LoadedModel loaded = _cache.Model(space);
        AttachedDictionary dictionary = _cache.Dictionary(space);
        bool bos = space.Info.Bos == "always";
        int[] ids = loaded.Tokenizer.Encode(text);
        if (bos && loaded.Tokenizer.BosId is { } begin)
        {
            ids = [begin, .. ids];
        }

        ids = [.. ids.Take(loaded.Model.Config.ContextLength)];
        if (ids.Length == 0)
        {
            throw new WorkbenchException("The text has no tokens; write something.");
        }

        float[] values = Values(loaded.Model, dictionary, ids, latent);
        values.AsSpan(0, Math.Min(values.Length, space.Info.ExcludedLeading)).Clear();
        IReadOnlyList<string> texts = space.Texts(ids);
        int peak = Array.IndexOf(values, values.Max());
        return new TextActivations([.. texts.Select((piece, i) => new TokenView(piece, values[i], i == peak && values[i] > 0))], values[peak]);
    }

    private static float[] Values(LanguageModel model, AttachedDictionary dictionary, int[] ids, int latent)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        using var reader = new LatentReader(dictionary);
        model.Forward(torch.tensor(Array.ConvertAll(ids, id => (long)id), [1, ids.Length], torch.ScalarType.Int64), reader.Hooks, stopAtLastHook: true);
        return reader.Values(latent);
    }
}
