using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Numerics;
using Workbench.SaeTrain.Fused;
using Workbench.SaeTrain.Fused.Lanes;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Recipes;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Backends;
using Workbench.SaeTrain.Training.Optimization;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Benchmarking;

/// <summary>A recipe set up on random rows, step by step.</summary>
internal sealed class MeasuredStep : IDisposable
{
    private const long ManySteps = 1_000_000;

    // One batch over and over would otherwise be learnt by heart, and the number of latents on would drift.
    private const double RestingRate = 1e-9;

    private readonly ParameterSet _parameters;
    private readonly IOptimizer _optimizer;
    private readonly ITrainingObjective _objective;
    private readonly ITrainingBackend _backend;
    private readonly DictionaryTrainer _trainer;
    private readonly Tensor _rows;

    /// <param name="request">Sizes and recipe.</param>
    /// <param name="rows">The batch [rows, d], used in every step.</param>
    /// <param name="clips">Whether the recipe's clipping takes place.</param>
    public MeasuredStep(StepBenchmarkRequest request, Tensor rows, bool clips)
    {
        IRecipe recipe = RecipeRegistry.Find(request.Recipe, architecture: null);
        TrainingConfig config = Config(request, recipe);
        var batch = new TrainingBatch(rows);
        _rows = rows;
        DataConstants constants = recipe.Measure(config, batch) with { InputScale = 1, OutputScale = 1 };
        _parameters = recipe.Initialise(config, batch, CPU);
        SetThreshold(request.K);
        _optimizer = recipe.Optimizer(config, _parameters);
        _objective = recipe.Objective(config, _parameters, constants);
        Clips = config.ClipNorm is not null;
        double? clipNorm = clips ? config.ClipNorm : null;
        string? refusal = FusedRecipes.Refusal(_objective, _optimizer);
        ScalarType type = config.MatrixType(CPU);
        if (request.Screens && (refusal is not null || !FusedRecipes.CanScreen(_objective)))
        {
            throw new UsageException($"--screen int8 cannot be used with recipe {request.Recipe}; it is for recipes that choose k latents in every row, at most an eighth of them; leave it out.");
        }

        _backend = refusal is null
            ? new FusedBackend((IFusedObjective)_objective, (AdamOptimizer)_optimizer, clipNorm, mean: null, type, SimdPaths.Resolve(), request.Screens)
            : new AutogradBackend(_objective, _optimizer, clipNorm, mean: null);
        _trainer = new DictionaryTrainer(_objective, _optimizer, recipe.LearningRate(config), constants, _backend);
        Name = request.Screens ? "fused, screened in int8" : refusal is null ? "fused" : $"autograd ({refusal} has no fused form)";
    }

    /// <summary>How the step is computed.</summary>
    public string Name { get; }

    /// <summary>Whether the recipe clips.</summary>
    public bool Clips { get; }

    /// <summary>Times of the parts, where the step is fused.</summary>
    public StepClock? Clock => (_backend as FusedBackend)?.Clock;

    /// <summary>Architecture of the recipe.</summary>
    public Tensor Encoder => _parameters.Encoder.detach();

    /// <summary>Does a step and says how many latents were on.</summary>
    public double Run()
    {
        using var scope = NewDisposeScope();
        return _trainer.Step(new TrainingBatch(_rows))!.L0;
    }

    public void Dispose()
    {
        _backend.Dispose();
        _objective.Dispose();
        _optimizer.Dispose();
        _parameters.Dispose();
    }

    private static TrainingConfig Config(StepBenchmarkRequest request, IRecipe recipe)
    {
        var sizes = new RunSizes(request.Width, request.Width, request.Latents, request.Batch, ManySteps);
        return RecipeConfig.Of(recipe, sizes, StepOptions.Of(recipe, sizes, request.K)) with
        {
            LearningRate = RestingRate,
            Precision = MatrixPrecisions.Name(MatrixPrecisions.Resolve(request.Precision, CPU)),
        };
    }

    /// <summary>Where latents have thresholds, one that leaves about k of them on in a row.</summary>
    private void SetThreshold(int k)
    {
        if (!_parameters.Has(ParameterNames.Threshold))
        {
            return;
        }

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor sample = _rows.narrow(0, 0, Math.Min(128, _rows.shape[0]));
        Tensor pre = (sample - _parameters.DecoderBias).mm(_parameters.Encoder.t()) + _parameters.EncoderBias;
        (Tensor largest, _) = pre.reshape(-1).topk((int)(k * sample.shape[0]));
        _ = _parameters[ParameterNames.Threshold].copy_(largest.min());
    }
}
