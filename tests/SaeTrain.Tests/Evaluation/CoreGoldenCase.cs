using System.Runtime.InteropServices;
using System.Text.Json;
using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Models;
using Workbench.Models.Weights;
using Workbench.Numerics;
using Workbench.SaeTrain.Evaluation;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Tests.Evaluation;

/// <summary>The reference case of <c>evals/core</c>: a model, tokens, dictionaries, and what was computed of them.</summary>
internal sealed class CoreGoldenCase
{
    public const string DictionaryPrefix = "sae_";

    private readonly SafetensorsFile _expected;
    private readonly Tensor _tokens;
    private readonly Tensor _mask;
    private readonly int _batches;
    private readonly HashSet<int> _special;

    public CoreGoldenCase(string folder)
    {
        Folder = folder;
        Json = Golden.Json(folder, "expected.json");
        _expected = SafetensorsFile.Open(Path.Combine(folder, "expected.safetensors"));
        SafetensorsFile io = SafetensorsFile.Open(Path.Combine(folder, "io.safetensors"));
        _tokens = io.Load("tokens");
        _mask = io.Load("mask");
        JsonElement parameters = Json.GetProperty("params");
        _batches = parameters.GetProperty("batches").GetInt32();
        _special = [.. new[] { "bos", "pad", "eos" }.Select(name => parameters.GetProperty(name).GetInt32())];
    }

    public string Folder { get; }

    public JsonElement Json { get; }

    public SparseAutoencoder Dictionary(string name)
    {
        return DictionaryLoader.LoadSparse(Path.Combine(Folder, DictionaryPrefix + name));
    }

    public Tensor Expected(string name)
    {
        return _expected.Load(name);
    }

    /// <summary>The batches; the counted positions are checked against the stored mask.</summary>
    public IEnumerable<(TokenBatch Batch, long First, long Count)> Batches()
    {
        long rows = _tokens.shape[0] / _batches;
        for (long first = 0; first < _tokens.shape[0]; first += rows)
        {
            int[][] windows = [.. Enumerable.Range((int)first, (int)rows).Select(row => Longs(_tokens[row]).Select(id => (int)id).ToArray())];
            var batch = new TokenBatch(windows, (_, token) => !_special.Contains(token));
            Xunit.Assert.Equal(Longs(_mask.narrow(0, first, rows)).Select(value => value != 0), batch.Counted);
            yield return (batch, first, rows);
        }
    }

    /// <summary>What the metrics see when everything is read from the stored float64 tensors.</summary>
    public IEnumerable<CoreBatch> Stored(string name, SparseAutoencoder dictionary)
    {
        foreach ((TokenBatch batch, long first, long count) in Batches())
        {
            using var scope = NewDisposeScope();
            Tensor Part(string key) => Expected(key).narrow(0, first, count);
            Tensor Rows(string key) => Part(key).reshape(batch.Counted.Length, -1).index_select(0, tensor(batch.Rows));
            Tensor clean = Part("clean_logits");
            var losses = new Dictionary<Intervention, PositionLosses>
            {
                [Intervention.Clean] = PositionLosses.Of(clean, null, batch),
                [Intervention.Reconstruction] = PositionLosses.Of(Part($"{name}.spliced_logits"), clean, batch),
            };
            int[] windows = [.. batch.Rows.Select(place => (int)(place / batch.Length))];
            Tensor rows = Rows("resid");
            yield return new CoreBatch(rows, rows, Rows($"{name}.reconstruction"), Sparse(Rows($"{name}.latents"), dictionary.Latents), windows, losses);
        }
    }

    /// <summary>What the metrics see when the model itself runs, in float32.</summary>
    public IEnumerable<CoreBatch> Computed(SparseAutoencoder dictionary)
    {
        using LanguageModel model = ModelFiles.Find(Path.Combine(Folder, "model")).LoadModel(CPU, MatrixPrecision.Float32);
        var passes = new CorePasses(model, AttachedDictionary.Attach(dictionary, "the dictionary"));
        using Tensor sums = zeros(dictionary.Config.Width, ScalarType.Float64);
        long counted = 0;
        foreach ((TokenBatch batch, _, _) in Batches())
        {
            passes.AddActivations(batch, sums);
            counted += batch.Rows.Length;
        }

        using Tensor mean = sums / counted;
        Intervention[] interventions = [.. Enum.GetValues<Intervention>().Where(intervention => intervention != Intervention.Clean)];
        foreach ((TokenBatch batch, _, _) in Batches())
        {
            yield return passes.Run(batch, mean, interventions);
        }
    }

    private static SparseCode Sparse(Tensor dense, int latents)
    {
        double[] values = MemoryMarshal.Cast<byte, double>(dense.contiguous().bytes).ToArray();
        int[] places = [.. Enumerable.Range(0, values.Length).Where(i => values[i] != 0)];
        long[] offsets = [.. Enumerable.Range(0, (values.Length / latents) + 1).Select(row => (long)places.Count(place => place < row * latents))];
        return new SparseCode(latents, offsets, [.. places.Select(place => place % latents)], [.. places.Select(place => (float)values[place])]);
    }

    private static long[] Longs(Tensor tensor)
    {
        return MemoryMarshal.Cast<byte, long>(tensor.contiguous().bytes).ToArray();
    }
}
