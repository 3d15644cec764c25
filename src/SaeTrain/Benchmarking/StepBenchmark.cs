using System.Diagnostics;
using TorchSharp;
using Workbench.Numerics;
using Workbench.SaeTrain.Fused;
using Workbench.SaeTrain.Fused.Lanes;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Benchmarking;

/// <summary>Holds a training step against the bare encoder product and against the dense autograd step, in turn in one process.</summary>
internal sealed class StepBenchmark : IDisposable
{
    private readonly StepBenchmarkRequest _request;
    private readonly ScalarType _type;
    private readonly Tensor _rows;
    private readonly MeasuredStep _step;
    private readonly EncoderProduct _product;
    private double _active;
    private int _steps;

    public StepBenchmark(StepBenchmarkRequest request)
    {
        _request = request;
        _type = MatrixPrecisions.Resolve(request.Precision, CPU);
        _ = random.manual_seed(0);
        _rows = randn(request.Batch, request.Width).DetachFromDisposeScope();
        _step = new MeasuredStep(request, _rows, clips: true);
        using Tensor transposed = _step.Encoder.t();
        _product = new EncoderProduct(transposed, _type);
    }

    /// <summary>One step of the recipe.</summary>
    public double Step()
    {
        _steps++;
        return _step.Run();
    }

    /// <summary>The bare encoder product of as many rows.</summary>
    public void Product()
    {
        _product.Run(_request.Batch);
    }

    /// <summary>Times all in turn and compares medians.</summary>
    /// <param name="repeats">Timings of step and product; the dense step gets as many where it is short, and fewer where it is long.</param>
    /// <param name="dense">Whether the dense step is timed: it needs several matrices of rows by latents.</param>
    public StepBenchmarkResult Measure(int repeats, bool dense)
    {
        using MeasuredStep? unclipped = _step.Clips ? new MeasuredStep(_request, _rows, clips: false) : null;
        using DenseStep? denseStep = dense ? new DenseStep(_rows, _step.Encoder, _request.K) : null;
        var timings = new StepTimings();
        for (int warmUp = 0; warmUp < 2; warmUp++)
        {
            Once(unclipped, new StepTimings());
        }

        denseStep?.Run();
        _step.Clock?.Reset();
        _steps = 0;
        for (int repeat = 0; repeat < repeats; repeat++)
        {
            Once(unclipped, timings);
            if (denseStep is not null)
            {
                timings.Dense.Add(Timings.Seconds(denseStep.Run));

                // Gigabytes of dense matrices displace all that a step finds in the caches where it follows another, as in training.
                _ = Step();
            }
        }

        return Result(timings, repeats);
    }

    public void Dispose()
    {
        _step.Dispose();
        _product.Dispose();
        _rows.Dispose();
    }

    private void Once(MeasuredStep? unclipped, StepTimings timings)
    {
        timings.Product.Add(Timings.Seconds(Product));
        timings.Step.Add(Timings.Seconds(() => _active = Step()));
        if (unclipped is not null)
        {
            timings.Unclipped.Add(Timings.Seconds(() => unclipped.Run()));
        }
    }

    private StepBenchmarkResult Result(StepTimings timings, int repeats)
    {
        double product = Timings.Median(timings.Product);
        double step = Timings.Median(timings.Step);
        double? dense = timings.Dense.Count > 0 ? Timings.Median(timings.Dense) : null;
        double? unclipped = timings.Unclipped.Count > 0 ? Timings.Median(timings.Unclipped) : null;
        using Process process = Process.GetCurrentProcess();
        return new StepBenchmarkResult(
            _request.Recipe, _request.Width, _request.Latents, _request.Batch, MatrixPrecisions.Name(_type), SimdPaths.Resolve().ToString(),
            get_num_threads(), _step.Name, step, dense, product, step / product, dense / product, dense / step,
            (step - unclipped) / product, _product.OperationsPerRow * (double)_request.Batch / product / 1e9, _active,
            Parts(product), process.PeakWorkingSet64, repeats);
    }

    private Dictionary<string, double> Parts(double product)
    {
        return _step.Clock is not StepClock clock
            ? []
            : Enum.GetValues<StepPart>().ToDictionary(part => part.ToString().ToLowerInvariant(), part => clock.Seconds(part) / _steps / product);
    }
}
