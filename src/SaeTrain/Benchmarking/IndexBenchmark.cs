using System.Diagnostics;
using TorchSharp;
using Workbench.Activations;
using Workbench.Models;
using Workbench.Numerics;
using Workbench.SaeTrain.Indexing;
using Workbench.Workspaces;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Benchmarking;

/// <summary>
/// Holds a whole index against one pass: the model over the harvest's sequences to the hook, and one product with the encoder. The
/// indexes that it makes go to a folder of its own and are deleted.
/// </summary>
internal sealed class IndexBenchmark : IDisposable
{
    private const int BlockRows = 4096;

    private readonly IndexRequest _request;
    private readonly IndexedDictionary _subject;
    private readonly LanguageModel _model;
    private readonly EncoderProduct _product;
    private readonly List<SequenceBlock> _blocks;
    private readonly Tensor _rows;
    private readonly ScalarType _type;

    /// <exception cref="WorkbenchException">The dictionary, the harvest or its model cannot be opened.</exception>
    public IndexBenchmark(IndexRequest request)
    {
        var workspace = new Workspace(request.Workspace);
        Device device = ComputeDevice.Resolve(request.Device);
        _type = MatrixPrecisions.Resolve(request.Precision, device);
        _subject = IndexedDictionary.Open(workspace, request.Dictionary, request.Harvest, device);
        _request = request with { Folder = Path.Combine(_subject.Run.Path, $"bench-{Environment.ProcessId}") };
        _model = _subject.LoadModel(request.Model, workspace, device, request.Precision);
        _product = new EncoderProduct(_subject.Dictionary.Rows.EncoderWeight, _type);
        _blocks = [.. SequenceBlock.Cut(_subject.Harvest.Sequences, Tokens, BlockRows).Where(block => block.Rows > 0)];
        _rows = empty(_blocks.Max(block => block.Rows), _subject.Reads.Width).DetachFromDisposeScope();
    }

    /// <summary>Tokens analysed.</summary>
    public long Tokens => _subject.Harvest.Info.Rows;

    private long Rows => Tokens * _subject.Dictionary.RowsPerToken;

    /// <summary>Whether the harvest stored what the dictionary reads.</summary>
    public bool IsStored => _subject.IsStored;

    /// <summary>The model over all sequences to the hook, its values read.</summary>
    public void Forward(CancellationToken cancellation)
    {
        using var activations = new ReplayedActivations(_model, _subject.Reads, _subject.Harvest.Sequences);
        foreach (SequenceBlock block in _blocks)
        {
            using Tensor rows = _rows.narrow(0, 0, block.Rows);
            activations.Read(block, rows, cancellation);
        }
    }

    /// <summary>The bare encoder product for as many rows.</summary>
    public void Product()
    {
        _product.Run(Rows);
    }

    /// <summary>The whole index, from nothing after <see cref="Clear"/>.</summary>
    /// <param name="replay">Whether the model is run again.</param>
    /// <param name="cancellation">Stops it.</param>
    public IndexResult Index(bool replay, CancellationToken cancellation)
    {
        return new IndexRun(_request with { Replay = replay }, null, TimeProvider.System).Execute(cancellation);
    }

    /// <summary>Deletes what an index left.</summary>
    public void Clear()
    {
        if (Directory.Exists(_request.Folder))
        {
            Directory.Delete(_request.Folder, recursive: true);
        }
    }

    /// <summary>Times all in turn, so that whatever else the machine does falls on all, and compares medians.</summary>
    public IndexBenchmarkResult Measure(int repeats, CancellationToken cancellation)
    {
        _product.Run(_product.Block);
        double[] forward = new double[repeats];
        double[] product = new double[repeats];
        double[] replay = new double[repeats];
        double[] stored = new double[repeats];
        IndexResult? replayed = null;
        IndexResult? read = null;
        for (int i = 0; i < repeats; i++)
        {
            forward[i] = Timings.Seconds(() => Forward(cancellation));
            product[i] = Timings.Seconds(Product);
            replay[i] = Timings.Seconds(() => replayed = Index(replay: true, cancellation));
            Clear();
            stored[i] = IsStored ? Timings.Seconds(() => read = Index(replay: false, cancellation)) : double.NaN;
            Clear();
        }

        double pass = Timings.Median(forward) + Timings.Median(product);
        double? fromStored = IsStored ? Timings.Median(stored) : null;
        using Process process = Process.GetCurrentProcess();
        return new IndexBenchmarkResult(
            _request.Dictionary, _subject.Harvest.Info.Id, _subject.Reads.Name, MatrixPrecisions.Name(_type), get_num_threads(),
            _subject.Dictionary.Latents, Tokens, Timings.Median(forward), Timings.Median(product), pass, Timings.Median(replay), fromStored,
            Timings.Median(replay) / pass, fromStored / pass, _product.OperationsPerRow * Rows / Timings.Median(product) / 1e9,
            replayed!.SecondsByPhase, read?.SecondsByPhase, process.PeakWorkingSet64, repeats);
    }

    public void Dispose()
    {
        Clear();
        _rows.Dispose();
        _product.Dispose();
        _model.Dispose();
        _subject.Dispose();
    }
}
