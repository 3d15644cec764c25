using TorchSharp;
using Workbench.Dictionaries;
using Workbench.SaeTrain.Fused.Encoding;
using Workbench.SaeTrain.Fused.Gradients;
using Workbench.SaeTrain.Fused.Kernels;
using Workbench.SaeTrain.Fused.Lanes;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training.Backends;
using Workbench.SaeTrain.Training.Optimization;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Fused;

/// <summary>
/// Steps by hand-derived gradients on the CPU that touch chosen entries only, fused with Adam: equal to
/// <see cref="AutogradBackend"/>, and sharing its weights, moments and counters.
/// </summary>
internal sealed unsafe class FusedBackend : ITrainingBackend
{
    private const double ClipEpsilon = 1e-6;

    private readonly IFusedObjective _objective;
    private readonly AdamOptimizer _optimizer;
    private readonly double? _clipNorm;
    private readonly Tensor? _mean;
    private readonly FusedContext _context;
    private readonly FusedRecipe _recipe;
    private readonly LatentEncoder _encoder;
    private readonly DecodePass _decoded;
    private readonly LatentGradients _gradients;
    private readonly LatentPass _pass;
    private readonly LatentUpdate _update;
    private bool _begun;

    /// <param name="objective">What is minimised, by weights on the CPU.</param>
    /// <param name="optimizer">The optimiser of its parameters.</param>
    /// <param name="clipNorm">Largest gradient norm, or null for no clipping.</param>
    /// <param name="mean">The data set's mean [d], to report FVU against; null to leave it out.</param>
    /// <param name="type">Number type of the encoder product.</param>
    /// <param name="path">Vector width.</param>
    /// <param name="screens">Whether an int8 product proposes entries; only for objectives that <see cref="FusedRecipes.CanScreen"/>.</param>
    public FusedBackend(IFusedObjective objective, AdamOptimizer optimizer, double? clipNorm, Tensor? mean, ScalarType type, SimdPath path, bool screens = false)
    {
        (_objective, _optimizer, _clipNorm) = (objective, optimizer, clipNorm);
        _mean = mean?.to(ScalarType.Float32).contiguous().clone().DetachFromDisposeScope();
        var kernels = FusedKernels.Create(path);
        _context = new FusedContext(kernels, objective.Parameters, optimizer, type, screens);
        _recipe = objective.Fuse(_context);
        _encoder = new LatentEncoder(_context, _context.Screen is null ? _context.Product : _context.Screen, _recipe.Selection, Clock);
        (int latents, int width) = (_context.Latents, _context.Width);
        _decoded = new DecodePass(kernels, width, _context.Product.IsRounded);
        _gradients = _recipe.Gradients(_decoded);
        _pass = new LatentPass(kernels, _gradients, latents, width);
        _update = new LatentUpdate(kernels, _gradients, _context.Product.Rounded, _context.Screen, _context.Norms, width);
    }

    /// <summary>Time of the parts of all steps.</summary>
    public StepClock Clock { get; } = new();

    public StepReport? Step(TrainingBatch batch, long step, double learningRate, bool report)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        float* rows = TensorMemory.FloatPointer(batch.Input);
        int count = batch.Rows;
        if (!_begun)
        {
            _context.Refresh();
            _begun = true;
        }

        _recipe.Begin(batch, step);
        _context.Product.Centre(rows, count, _context.Weights.DecoderBias.Weights);
        _context.Screen?.Begin(TensorMemory.FloatPointer(_context.Product.Centred), count);
        _encoder.Run(count);
        Clock.Start(StepPart.Decode);
        _recipe.Activation.Begin(_context.Entries);
        _decoded.Run(_recipe.Reconstruction, _context.Entries, _recipe.Activation, _context.Weights, rows, _mean is null ? null : TensorMemory.FloatPointer(_mean));
        _recipe.Activation.Finish(_context.Entries, _gradients);
        Clock.Start(StepPart.Auxiliary);
        FusedLosses losses = _recipe.Complete(batch, step, _decoded);
        Divergence.Refuse(step, batch, losses.Total);
        Clock.Start(StepPart.Sort);
        _context.Order.Sort(_context.Entries);
        Clock.Start(StepPart.Update);
        double norm = Update(learningRate);
        Clock.Stop();
        _objective.AfterUpdate(batch, step, _optimizer);
        return report ? Report(batch, step, learningRate, losses, norm) : null;
    }

    public void Dispose()
    {
        _mean?.Dispose();
        _pass.Dispose();
        _decoded.Dispose();
        _recipe.Dispose();
        _context.Dispose();
    }

    private double Update(double learningRate)
    {
        FusedWeights weights = _context.Weights;
        _gradients.Begin();
        _update.Step = _optimizer.Advance(learningRate);
        double norm;
        float factor = 1;
        float[] bias;
        if (_clipNorm is double limit)
        {
            _pass.Measure(weights);
            (bias, norm) = Gather();
            factor = (float)Math.Min(1, limit / (norm + ClipEpsilon));
            _pass.Update(weights, _update, factor);
        }
        else
        {
            _pass.MeasureAndUpdate(weights, _update);
            (bias, norm) = Gather();
        }

        fixed (float* gradient = bias)
        {
            _context.Kernels.Update(_update.Step, weights.DecoderBias, gradient, factor, bias.Length);
        }

        return norm;
    }

    /// <summary>The decoder bias' gradient and the norm of all gradients.</summary>
    private (float[] Bias, double Norm) Gather()
    {
        double[] bias = [.. _decoded.BiasGradient.Zip(_context.Extra.DecoderBias, (decoded, extra) => decoded + extra)];
        _pass.AddInputGradient(bias);
        return ([.. bias.Select(value => (float)value)], Math.Sqrt(_pass.Squares + bias.Sum(value => value * value)));
    }

    private StepReport Report(TrainingBatch batch, long step, double learningRate, FusedLosses losses, double norm)
    {
        return new StepReport
        {
            Step = step,
            Tokens = (step + 1) * batch.Rows,
            LearningRate = learningRate,
            Total = losses.Total,
            Losses = losses.Terms,
            Readings = _objective.Readings.ToDictionary(reading => reading.Name, reading => reading.Value.to(ScalarType.Float64).item<double>()),
            GradientNorm = norm,
            Fvu = _mean is null ? null : _decoded.Squares[^1] / _decoded.Spread,
            L0 = _decoded.Active / (double)batch.Rows,
            Dead = losses.Dead,
        };
    }
}
