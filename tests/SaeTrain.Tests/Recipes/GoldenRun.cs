using System.Text.Json;
using Workbench.Models.Weights;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Recipes;
using Workbench.SaeTrain.Recipes.DictionaryLearning.Standard;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Scaling;
using Workbench.Testing;
using Workbench.Workspaces;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Tests.Recipes;

/// <summary>A reference run: its config.json as this program's options, its tensors under this program's names.</summary>
internal sealed class GoldenRun
{
    /// <summary>The peers' names of weights, this program's names, and whether a latent is a column there.</summary>
    private static readonly Dictionary<string, (string Name, bool ByColumn)> s_names = new(StringComparer.Ordinal)
    {
        ["W_enc"] = (ParameterNames.Encoder, true),
        ["encoder.weight"] = (ParameterNames.Encoder, false),
        ["b_enc"] = (ParameterNames.EncoderBias, false),
        ["encoder.bias"] = (ParameterNames.EncoderBias, false),
        ["latent_bias"] = (ParameterNames.EncoderBias, false),
        ["W_dec"] = (ParameterNames.Decoder, false),
        ["decoder.weight"] = (ParameterNames.Decoder, true),
        ["b_dec"] = (ParameterNames.DecoderBias, false),
        ["bias"] = (ParameterNames.DecoderBias, false),
        ["pre_bias"] = (ParameterNames.DecoderBias, false),
        ["decoder_bias"] = (ParameterNames.DecoderBias, false),
        ["threshold"] = (ParameterNames.Threshold, false),
        ["log_threshold"] = (ParameterNames.LogThreshold, false),
        ["b_gate"] = (ParameterNames.GateBias, false),
        ["gate_bias"] = (ParameterNames.GateBias, false),
        ["r_mag"] = (ParameterNames.MagnitudeScale, false),
        ["b_mag"] = (ParameterNames.MagnitudeBias, false),
        ["mag_bias"] = (ParameterNames.MagnitudeBias, false),
        ["W_skip"] = (ParameterNames.Skip, false),
    };

    public GoldenRun(string folder)
    {
        Folder = folder;
        JsonElement json = Golden.Json(folder, "config.json");
        JsonElement optimizer = json.GetProperty("optimizer");
        string name = json.GetProperty("recipe").GetString()!;
        Recipe = Owner(name)!;
        json.GetProperty("dtype").GetString().ShouldBe("float32");
        json.GetProperty("peer").GetString().ShouldBe(Recipe.Peer);
        var sizes = new RunSizes(Int(json, "d"), Int(json, "d"), Int(json, "n"), Int(json, "batch"), Int(json, "steps"));
        (long warmUp, long decay) = Schedule(json);
        RecipeDefaults defaults = Recipe.Defaults(sizes);
        Config = RecipeConfig.Of(Recipe, sizes, GoldenOptions.Of(json, Recipe, sizes)) with
        {
            LearningRate = optimizer.GetProperty("lr").GetDouble(),
            WarmUpSteps = warmUp,
            DecaySteps = decay,
            Beta1 = Beta(optimizer, 0) ?? defaults.Beta1,
            Beta2 = Beta(optimizer, 1) ?? defaults.Beta2,
            Epsilon = optimizer.TryGetProperty("eps", out JsonElement epsilon) ? epsilon.GetDouble() : defaults.Epsilon,
            ClipNorm = Clip(json),
            DeadTokens = DeadTokens(json, sizes.Batch),
        };
        Constants = new DataConstants(
            InputScale: Scale(json),
            ErrorScale: json.GetProperty("model").TryGetProperty("mse_scale", out JsonElement scale) ? scale.GetDouble() : 1);
    }

    public string Folder { get; }

    public IRecipe Recipe { get; }

    public TrainingConfig Config { get; }

    public DataConstants Constants { get; }

    public SafetensorsFile File(string name)
    {
        return SafetensorsFile.Open(Path.Combine(Folder, name));
    }

    /// <summary>Weights of a file by this program's names, one row a latent; buffers that are no weights are left out.</summary>
    /// <param name="file">The file.</param>
    /// <param name="prefix">What the names begin with.</param>
    /// <param name="suffix">What the names end with.</param>
    public Dictionary<string, Tensor> Weights(SafetensorsFile file, string prefix = "", string suffix = "")
    {
        var weights = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (string name in file.Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith(suffix, StringComparison.Ordinal)))
        {
            string bare = name[prefix.Length..^suffix.Length];
            if (s_names.TryGetValue(bare, out (string Name, bool ByColumn) known) && file.Info(name).Shape.Length > 0)
            {
                Tensor tensor = file.Load(name);
                weights.Add(known.Name, known.ByColumn ? tensor.t() : tensor);
            }
            else
            {
                bare.ShouldBeOneOf("threshold", "topk_threshold", "k", "group_sizes");
            }
        }

        return weights;
    }

    public ParameterSet Initial()
    {
        return new ParameterSet(Weights(File("init.safetensors")).Select(weight => (weight.Key, weight.Value)), CPU);
    }

    /// <summary>The recipe's objective; where rows are drawn at random, it gets those that the reference drew.</summary>
    public ITrainingObjective Objective(ParameterSet parameters)
    {
        ITrainingObjective objective = Recipe.Objective(Config, parameters, Constants);
        JsonElement json = Golden.Json(Folder, "config.json");
        if (json.TryGetProperty("drawn", out JsonElement drawn))
        {
            objective.ShouldBeOfType<DictionaryLearningStandardObjective>().Draw = new RecordedRowDraw(drawn);
        }

        return objective;
    }

    public TrainingBatch Batch(SafetensorsFile batches, long step)
    {
        Tensor input = batches.Load($"batch.{step}");
        return batches.Names.Contains($"target.{step}") ? new TrainingBatch(input, batches.Load($"target.{step}")) : new TrainingBatch(input);
    }

    /// <summary>The recipe that a folder is a run of: its name is the folder's recipe, or the beginning of it.</summary>
    public static IRecipe? Owner(string recipe)
    {
        return RecipeRegistry.All
            .Where(r => recipe == r.Name || recipe.StartsWith(r.Name + "-", StringComparison.Ordinal))
            .MaxBy(r => r.Name.Length);
    }

    private static int Int(JsonElement json, string name)
    {
        return json.GetProperty(name).GetInt32();
    }

    private static double? Beta(JsonElement optimizer, int index)
    {
        return optimizer.TryGetProperty("betas", out JsonElement betas) ? betas[index].GetDouble() : null;
    }

    private static double Scale(JsonElement json)
    {
        return json.TryGetProperty("normalisation_scale", out JsonElement scale) && scale.ValueKind == JsonValueKind.Number ? scale.GetDouble() : 1;
    }

    private static long DeadTokens(JsonElement json, int batch)
    {
        if (!json.TryGetProperty("dead", out JsonElement dead))
        {
            return long.MaxValue / 2;
        }

        return dead.TryGetProperty("window", out JsonElement steps) ? steps.GetInt64() * batch : dead.GetProperty("dead_feature_threshold").GetInt64();
    }

    private static (long WarmUp, long Decay) Schedule(JsonElement json)
    {
        JsonElement schedule = json.GetProperty("lr_schedule");
        long total = Int(json, "steps");
        long Number(string name) => schedule.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : 0;
        string kind = schedule.GetProperty("kind").GetString()!;
        if (schedule.TryGetProperty("total_steps", out JsonElement stated))
        {
            stated.GetInt64().ShouldBe(total);
        }

        return kind switch
        {
            "constant" => (0, 0),
            "constant with linear warm-up and decay" => (Number("warm_up_steps"), Number("decay_steps")),
            "constant, linear decay over the last fifth" => (0, Number("decay_steps")),
            "linear warm-up from 0, constant, linear decay" => (Number("warm_up_steps"), Number("decay_start") == 0 ? 0 : total - Number("decay_start")),
            "linear warm-up then linear decay to 0 at the end" => (Number("warm_up_steps"), total - Number("warm_up_steps")),
            "repeating warm-up" => (Number("warm_up_steps"), 0),
            _ => throw new InvalidOperationException($"unknown schedule '{kind}' in {json.GetProperty("recipe")}"),
        };
    }

    private static double? Clip(JsonElement json)
    {
        JsonElement clip = json.GetProperty("clip");
        if (clip.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        clip.GetProperty("kind").GetString().ShouldBe("global_l2");
        clip.GetProperty("eps").GetDouble().ShouldBe(1e-6);
        return clip.GetProperty("max_norm").GetDouble();
    }
}
