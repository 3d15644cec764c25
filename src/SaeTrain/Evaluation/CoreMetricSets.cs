using Workbench.Dictionaries;
using Workbench.SaeTrain.Evaluation.Metrics;

namespace Workbench.SaeTrain.Evaluation;

/// <summary>The metric sets of <c>evaluate core</c> by name; a new metric is a file beside the others and a line here.</summary>
internal static class CoreMetricSets
{
    /// <summary>The set of the headline.</summary>
    public const string Headline = "correct";

    /// <summary>The headline's FVU at each hook of a dictionary of several: a list in the order of its hooks.</summary>
    public const string FvuByHook = "fvu_by_hook";

    private static readonly Dictionary<string, Func<AttachedDictionary, CoreMetricSet>> s_sets = new()
    {
        ["baselines"] = _ => Baselines(),
        [Headline] = Correct,
        ["saebench"] = SaeBench,
        ["saebench_all_positions"] = _ => SaeBenchEverywhere(),
        ["saelens"] = _ => SaeLens(),
        ["latents"] = Latents,
    };

    public static IEnumerable<string> Names => s_sets.Keys;

    /// <summary>A fresh set.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="dictionary">The dictionary, for metrics that look at its weights.</param>
    /// <param name="passes">The passes that are run; metrics that need others are left out.</param>
    public static CoreMetricSet Create(string name, AttachedDictionary dictionary, IReadOnlyCollection<Intervention> passes)
    {
        CoreMetricSet set = s_sets[name](dictionary);
        return set with { Metrics = set.Metrics.Where(metric => metric.Value.Needs.All(passes.Contains)).ToDictionary() };
    }

    private static CoreMetricSet Baselines()
    {
        return new CoreMetricSet("baselines", "the model without the dictionary, in nats; mean ablation at counted positions, or at all", new Dictionary<string, ICoreMetric>
        {
            ["ce_clean"] = new CrossEntropy(Intervention.Clean),
            ["ce_zero_ablation"] = new CrossEntropy(Intervention.Zero),
            ["ce_mean_ablation_masked"] = new CrossEntropy(Intervention.Mean),
            ["ce_mean_ablation_all"] = new CrossEntropy(Intervention.MeanEverywhere),
            ["kl_zero"] = new Divergence(Intervention.Zero),
            ["kl_mean"] = new Divergence(Intervention.Mean),
            ["ce_clean_unmasked"] = new UnmaskedCrossEntropy(),
            ["tokens_masked_in"] = new TokenCount(),
        });
    }

    private static CoreMetricSet Correct(AttachedDictionary dictionary)
    {
        var metrics = new Dictionary<string, ICoreMetric>
        {
            ["fvu"] = new UnexplainedVariance(),
            ["explained_variance"] = new ExplainedVariance(),
            ["mse_per_dim"] = new MsePerDimension(),
            ["frac_variance_explained"] = new ExplainedFraction(),
            ["mean_error_norm"] = new ErrorNorm(),
            ["nmse_per_token"] = new TokenNmse(),
            ["relative_reconstruction_bias_pooled"] = new PooledReconstructionBias(),
            ["fvu_per_batch"] = new BatchUnexplainedVariance(),
            ["dead_share"] = new DeadShare(),
            ["alive_share"] = new AliveShare(),
            ["mean_frequency"] = new MeanDensity(),
            ["smallest_selection_margin"] = new SelectionMargin(dictionary.Rows),
            ["ce_recovered_mean_ablation"] = new RecoveredCrossEntropy(Intervention.Reconstruction, Intervention.Mean),
            ["ce_with_error_term"] = new CrossEntropy(Intervention.ErrorTerm),
        };
        if (dictionary.Writes is { Count: > 1 } hooks)
        {
            metrics[FvuByHook] = new HookUnexplainedVariance(hooks);
        }

        return new CoreMetricSet(Headline, "own definitions, pooled over all counted tokens; of several hooks, over their activations side by side", metrics);
    }

    private static CoreMetricSet SaeBench(AttachedDictionary attached)
    {
        SparseAutoencoder dictionary = attached.Rows;
        Dictionary<string, ICoreMetric> metrics = Common();
        metrics["mse"] = new SaeBenchMse();
        metrics["explained_variance"] = new SaeBenchExplainedVariance();
        metrics["frac_alive"] = new AliveShare();
        metrics["freq_over_1_percent"] = new DenserShare(0.01);
        metrics["freq_over_10_percent"] = new DenserShare(0.1);
        metrics["normalized_freq_over_1_percent"] = new DenserMass(0.01);
        metrics["normalized_freq_over_10_percent"] = new DenserMass(0.1);
        metrics["average_max_decoder_cosine_sim"] = new WeightMetric(() => WeightGeometry.MaxDecoderCosines(dictionary).Average());
        metrics["average_max_encoder_cosine_sim"] = new WeightMetric(() => WeightGeometry.MaxEncoderCosines(dictionary).Average());
        return new CoreMetricSet("saebench", "SAEBench 0.6.0 core; special tokens keep their activation; mse and explained_variance depend on the batch's size", metrics);
    }

    private static CoreMetricSet SaeBenchEverywhere()
    {
        return new CoreMetricSet("saebench_all_positions", "SAEBench 0.6.0 core with exclude_special_tokens_from_reconstruction = false", Losses(Intervention.ReconstructionEverywhere));
    }

    private static CoreMetricSet SaeLens()
    {
        Dictionary<string, ICoreMetric> metrics = Common();
        metrics["mse"] = new ErrorSquare();
        metrics["explained_variance"] = new ExplainedVariance();
        return new CoreMetricSet("saelens", "SAELens 6.54.12 evals", metrics);
    }

    private static CoreMetricSet Latents(AttachedDictionary attached)
    {
        SparseAutoencoder dictionary = attached.Rows;
        var metrics = new Dictionary<string, ICoreMetric>
        {
            ["feature_density"] = new Densities(),
            ["consistent_activation_heuristic"] = new ConsistentActivation(),
            ["encoder_norm"] = new WeightMetric(() => WeightGeometry.EncoderNorms(dictionary)),
            ["max_decoder_cosine_sim"] = new WeightMetric(() => WeightGeometry.MaxDecoderCosines(dictionary)),
            ["max_encoder_cosine_sim"] = new WeightMetric(() => WeightGeometry.MaxEncoderCosines(dictionary)),
        };
        if (!dictionary.Config.IsTranscoder)
        {
            metrics["encoder_decoder_cosine_sim"] = new WeightMetric(() => WeightGeometry.EncoderDecoderCosines(dictionary));
        }

        return new CoreMetricSet("latents", "SAEBench 0.6.0 details, one value a latent", metrics);
    }

    private static Dictionary<string, ICoreMetric> Common()
    {
        var metrics = new Dictionary<string, ICoreMetric>
        {
            ["l0"] = new ActiveLatents(),
            ["l1"] = new LatentSum(),
            ["l2_norm_in"] = new InputNorm(),
            ["l2_norm_out"] = new OutputNorm(),
            ["l2_ratio"] = new NormRatio(),
            ["relative_reconstruction_bias"] = new ReconstructionBias(),
            ["cossim"] = new CosineSimilarity(),
            ["explained_variance_legacy"] = new ExplainedVarianceLegacy(),
        };
        foreach ((string name, ICoreMetric metric) in Losses(Intervention.Reconstruction))
        {
            metrics.Add(name, metric);
        }

        return metrics;
    }

    private static Dictionary<string, ICoreMetric> Losses(Intervention reconstruction)
    {
        return new Dictionary<string, ICoreMetric>
        {
            ["ce_loss_without_sae"] = new CrossEntropy(Intervention.Clean),
            ["ce_loss_with_sae"] = new CrossEntropy(reconstruction),
            ["ce_loss_with_ablation"] = new CrossEntropy(Intervention.Zero),
            ["ce_loss_score"] = new RecoveredCrossEntropy(reconstruction, Intervention.Zero),
            ["kl_div_with_sae"] = new Divergence(reconstruction),
            ["kl_div_with_ablation"] = new Divergence(Intervention.Zero),
            ["kl_div_score"] = new RecoveredDivergence(reconstruction, Intervention.Zero),
        };
    }
}
