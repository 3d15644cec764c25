using Workbench.Harvest.Harvesting;
using Workbench.Models;
using Workbench.Numerics;
using Workbench.Workspaces;
using static TorchSharp.torch;

namespace Workbench.Harvest.Benchmarking;

/// <summary>
/// Holds a harvest, from the corpus to named shards, against the same without writing, and against the model alone over sequences that
/// were tokenised before. What it writes goes to a folder of its own and is deleted.
/// </summary>
internal sealed class WriteBenchmark : IDisposable
{
    private const string Id = "harvest";

    private readonly string _folder;
    private readonly HarvestEnvironment _environment;
    private readonly HarvestInputs _inputs;
    private readonly HarvestConfig _config;
    private readonly HarvestPlan _plan;
    private readonly HarvestSequence[][] _batches;
    private long _bytes;

    /// <param name="request">What to harvest.</param>
    /// <param name="workspace">Where models are found by name.</param>
    /// <param name="folder">Where to make the folder that is written to and deleted.</param>
    /// <param name="cancellation">Ends the search for a first row.</param>
    /// <exception cref="WorkbenchException">The model or the corpus cannot be opened, or the request does not fit them.</exception>
    public WriteBenchmark(HarvestRequest request, Workspace workspace, string folder, CancellationToken cancellation)
    {
        request.Validate();
        _folder = Path.Combine(folder, $"harvest-bench-{Environment.ProcessId}");
        _environment = new HarvestEnvironment((device, precision) => HarvestInputs.Open(request, workspace, device, precision), TimeProvider.System);
        _inputs = _environment.Open(request.Device, request.Precision);
        _config = HarvestStart.Resolve(request, _inputs, cancellation);
        _plan = HarvestStart.Plan(_config, _inputs);
        _batches = [.. _plan.Sequences().Chunk(_config.Resolved.Batch)];
    }

    /// <summary>The model alone.</summary>
    public void Model(CancellationToken cancellation)
    {
        Capture(_batches, cancellation);
    }

    /// <summary>Corpus, tokenizer and model.</summary>
    public void Unwritten(CancellationToken cancellation)
    {
        Capture(_plan.Batches(_config.Resolved.Batch), cancellation);
    }

    /// <summary>The harvest's own production of shards.</summary>
    public void Harvest(CancellationToken cancellation)
    {
        Clear();
        var run = new RunFolder(Path.Combine(_folder, Id));
        run.Start(new RunManifest { Tool = "harvest", Verb = "bench", Id = Id, Config = WorkbenchJson.Element(_config) });
        ProducedShards produced = new ShardProduction(run, run.Path, _config, _inputs, _environment).Run(_plan, HarvestPartition.Whole, cancellation);
        _bytes = produced.Journal.Shards.Sum(shard => shard.Bytes);
    }

    public WriteBenchmarkResult Measure(int repeats, CancellationToken cancellation)
    {
        double[] seconds = Timings.InTurn(
            repeats, cancellation, () => Model(cancellation), () => Unwritten(cancellation), () => Harvest(cancellation));
        (double model, double unwritten, double harvest) = (seconds[0], seconds[1], seconds[2]);
        HarvestRequest request = _config.Request;
        return new WriteBenchmarkResult(
            (harvest - model) / model,
            (unwritten - model) / model,
            (harvest - unwritten) / model,
            model,
            unwritten,
            harvest,
            MatrixPrecisions.Name(_inputs.Model.ComputeType),
            request.Hooks,
            request.Context,
            _batches[^1][^1].EndRow,
            _bytes,
            get_num_threads(),
            repeats);
    }

    public void Dispose()
    {
        Clear();
        _inputs.Dispose();
    }

    private void Capture(IEnumerable<HarvestSequence[]> batches, CancellationToken cancellation)
    {
        using var capture = new ActivationCapture(_inputs.Model, _config.Request.Hooks, _config.Resolved.ForwardTokens);
        foreach (HarvestSequence[] batch in batches)
        {
            capture.Run(batch, null, cancellation);
        }
    }

    private void Clear()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }
}
