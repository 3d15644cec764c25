using System.Text.Json;
using TorchSharp;
using Workbench.Models;
using Workbench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries;

/// <summary>
/// A dictionary at the hook points of a model: which activations make up a row that it encodes, and which ones it reconstructs.
/// </summary>
/// <remarks>
/// Activations of a token at all hook points stand side by side, [tokens, sum of widths]. An autoencoder, a transcoder and a
/// crosscoder encode them as one row a token; a multi-layer autoencoder encodes each hook's as a row of its own, in the order of the
/// hooks, one token after the other.
/// </remarks>
public sealed class AttachedDictionary
{
    private const string PooledHooks = "hook_names";

    private AttachedDictionary(ILatentModel dictionary, SparseAutoencoder rows, JoinedHooks reads, JoinedHooks? writes, int rowsPerToken)
    {
        (Dictionary, Rows, Reads, Writes, RowsPerToken) = (dictionary, rows, reads, writes, rowsPerToken);
    }

    /// <summary>The dictionary; owned by who attached it.</summary>
    public ILatentModel Dictionary { get; }

    /// <summary>The autoencoder or transcoder that encodes rows: the dictionary itself, or what a crosscoder is made of.</summary>
    public SparseAutoencoder Rows { get; }

    /// <summary>The hook points that it reads.</summary>
    public JoinedHooks Reads { get; }

    /// <summary>The hook points that it reconstructs; null where a transcoder's output has a name that is no hook point here.</summary>
    public JoinedHooks? Writes { get; }

    /// <summary>Rows that are encoded of each token: 1, or one a hook point.</summary>
    public int RowsPerToken { get; }

    /// <summary>Number of latents.</summary>
    public int Latents => Rows.Latents;

    /// <summary>SHA-256 over the weights.</summary>
    public string WeightsHash => Dictionary.WeightsHash;

    /// <summary>Finds the hook points that a dictionary's names stand for.</summary>
    /// <param name="dictionary">The dictionary.</param>
    /// <param name="what">How to call it in a message.</param>
    /// <exception cref="WorkbenchException">It names no hook point, or is of two models.</exception>
    public static AttachedDictionary Attach(ILatentModel dictionary, string what)
    {
        ArgumentNullException.ThrowIfNull(dictionary);
        return dictionary switch
        {
            Crosscoder crosscoder => Several(crosscoder, crosscoder.Joint, crosscoder.Inputs, 1, what),
            SparseAutoencoder sparse when Pooled(sparse) is { Count: > 1 } hooks => Several(sparse, sparse, hooks, hooks.Count, what),
            SparseAutoencoder sparse => Single(sparse, what),
            _ => throw new WorkbenchException($"{what} is a {dictionary.GetType().Name}, where an autoencoder, a transcoder or a crosscoder was expected."),
        };
    }

    /// <summary>The rows that are encoded of tokens' activations.</summary>
    /// <param name="activations">[tokens, width of <see cref="Reads"/>].</param>
    /// <returns>[tokens * <see cref="RowsPerToken"/>, width of a row]; the activations themselves where these are the rows.</returns>
    public Tensor ToRows(Tensor activations)
    {
        ArgumentNullException.ThrowIfNull(activations);
        return RowsPerToken == 1 ? activations : activations.reshape(-1, Rows.Config.Width);
    }

    /// <summary>Latents of tokens' activations, <see cref="RowsPerToken"/> rows a token.</summary>
    /// <param name="activations">[tokens, width of <see cref="Reads"/>].</param>
    /// <param name="precision">Number type of the encoder product.</param>
    public SparseCode Encode(Tensor activations, MatrixPrecision precision = MatrixPrecision.Float32)
    {
        using var scope = NewDisposeScope();
        return Rows.EncodeSparse(ToRows(activations), precision);
    }

    /// <summary>The reconstruction of tokens' activations whose latents are known.</summary>
    /// <param name="activations">[tokens, width of <see cref="Reads"/>].</param>
    /// <param name="code">Their latents, from <see cref="Encode"/>.</param>
    /// <returns>[tokens, width of <see cref="Writes"/>].</returns>
    public Tensor Reconstruct(Tensor activations, SparseCode code)
    {
        ArgumentNullException.ThrowIfNull(activations);
        if (RowsPerToken == 1)
        {
            return Rows.Reconstruct(activations, code);
        }

        using var scope = NewDisposeScope();
        return Rows.Reconstruct(ToRows(activations), code).reshape(activations.shape[0], -1).MoveToOuterDisposeScope();
    }

    /// <summary>What one unit of each latent adds to the reconstruction at a hook point.</summary>
    /// <param name="hook">Index into <see cref="Writes"/>.</param>
    /// <returns>A view [latents, width] that the caller disposes.</returns>
    public Tensor Directions(int hook)
    {
        return RowsPerToken == 1 && Writes is { Count: > 1 } writes ? writes.Part(Rows.Directions, hook) : Rows.Directions.narrow(0, 0, Latents);
    }

    private static AttachedDictionary Single(SparseAutoencoder dictionary, string what)
    {
        bool transcodes = dictionary.Config.IsTranscoder;
        DictionarySite input = dictionary.Inputs[0];
        HookPoint read = HookNames.Find(input.Hook, transcodes)
            ?? throw new WorkbenchException(
                $"{what} names {Named(input.Hook)}, which is no hook point of a model here; import it with --hook, e.g. 'saetrain import --hook blocks.3.hook_resid_post'.");
        var reads = new JoinedHooks([read], [input.Width]);
        DictionarySite output = dictionary.Outputs[0];
        JoinedHooks? writes = !transcodes ? reads : HookNames.Find(output.Hook) is { } written ? new JoinedHooks([written], [output.Width]) : null;
        return new AttachedDictionary(dictionary, dictionary, reads, writes, 1);
    }

    private static AttachedDictionary Several(
        ILatentModel dictionary, SparseAutoencoder rows, IReadOnlyList<DictionarySite> sites, int rowsPerToken, string what)
    {
        HookPoint[] points = [.. sites.Select(site => HookNames.Find(site.Hook)
            ?? throw new WorkbenchException($"{what} names {Named(site.Hook)}, which is no hook point of a model here; name its hooks in its cfg.json as blocks.3.hook_resid_post."))];
        if (points.GroupBy(point => point).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new WorkbenchException(
                $"{what} names hook {twice.Key} more than once, as a crosscoder of several models does; only a dictionary of one model can be attached to it.");
        }

        var hooks = new JoinedHooks(points, [.. sites.Select(site => site.Width)]);
        return new AttachedDictionary(dictionary, rows, hooks, hooks, rowsPerToken);
    }

    /// <summary>The hooks of a multi-layer autoencoder, which carries their names among its facts.</summary>
    private static IReadOnlyList<DictionarySite>? Pooled(SparseAutoencoder dictionary)
    {
        return !dictionary.Config.IsTranscoder && dictionary.Config.Metadata.TryGetValue(PooledHooks, out JsonElement names) && names.ValueKind == JsonValueKind.Array
            ? [.. names.EnumerateArray().Select(name => new DictionarySite(name.ToString(), dictionary.Config.Width))]
            : null;
    }

    private static string Named(string hook)
    {
        return hook.Length == 0 ? "no hook" : $"hook '{hook}'";
    }
}
