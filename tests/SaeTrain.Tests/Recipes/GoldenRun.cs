using System.Text.Json;
using Workbench.Models.Weights;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Recipes;
using Workbench.SaeTrain.Training;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Tests.Recipes;

/// <summary>A reference run: its config.json as this program's options, its weights under this program's names.</summary>
internal sealed class GoldenRun
{
    private static readonly Dictionary<string, (string[] Names, bool EncoderByColumn, bool DecoderByColumn)> s_layouts = new()
    {
        ["openai-topk"] = (["encoder.weight", "latent_bias", "decoder.weight", "pre_bias"], false, true),
        ["saelens-topk"] = (["W_enc", "b_enc", "W_dec", "b_dec"], true, false),
    };

    public GoldenRun(string folder)
    {
        Folder = folder;
        JsonElement json = Golden.Json(folder, "config.json");
        JsonElement model = json.GetProperty("model");
        JsonElement optimizer = json.GetProperty("optimizer");
        string recipe = json.GetProperty("recipe").GetString()!;
        Recipe = RecipeRegistry.All.Where(r => recipe.StartsWith(r.Name, StringComparison.Ordinal)).MaxBy(r => r.Name.Length)!;
        Expect(json, "dtype", "float32");
        Expect(optimizer, "name", "adam");
        optimizer.GetProperty("weight_decay").GetDouble().ShouldBe(0);
        json.GetProperty("peer").GetString().ShouldBe(Recipe.Peer);
        (long warmUp, long decay) = Schedule(json);
        RecipeDefaults defaults = Recipe.Defaults(Int(json, "d"), Int(json, "n"), Int(json, "steps"));
        Config = new TrainingConfig
        {
            Recipe = Recipe.Name,
            Architecture = Recipe.Architecture,
            Peer = Recipe.Peer,
            PeerVersion = Recipe.PeerVersion,
            Harvest = "golden",
            Hook = "golden",
            Width = Int(json, "d"),
            Latents = Int(json, "n"),
            K = Int(model, "k"),
            Seed = 0,
            Batch = Int(json, "batch"),
            Epochs = 1,
            Steps = Int(json, "steps"),
            LearningRate = optimizer.GetProperty("lr").GetDouble(),
            WarmUpSteps = warmUp,
            DecaySteps = decay,
            Beta1 = optimizer.GetProperty("betas")[0].GetDouble(),
            Beta2 = optimizer.GetProperty("betas")[1].GetDouble(),
            Epsilon = optimizer.GetProperty("eps").GetDouble(),
            ClipNorm = Clip(json),
            DeadWindow = json.GetProperty("dead").GetProperty("window").GetInt64(),
            AuxK = model.TryGetProperty("auxk", out JsonElement auxK) ? auxK.GetInt32() : defaults.AuxK,
            AuxCoefficient = model.TryGetProperty("auxk_coef", out JsonElement c) ? c.GetDouble() : model.GetProperty("aux_loss_coefficient").GetDouble(),
            RescaleByDecoderNorm = model.TryGetProperty("rescale_acts_by_decoder_norm", out JsonElement rescale) && rescale.GetBoolean(),
            Precision = "float32",
            Threads = 1,
            Device = "cpu",
        };
        ErrorScale = model.TryGetProperty("mse_scale", out JsonElement scale) ? scale.GetDouble() : 1;
        RefuseUnknown(json, model);
    }

    public string Folder { get; }

    public IRecipe Recipe { get; }

    public TrainingConfig Config { get; }

    public double ErrorScale { get; }

    public SafetensorsFile File(string name)
    {
        return SafetensorsFile.Open(Path.Combine(Folder, name));
    }

    /// <summary>The four tensors, one row a latent, from names that begin with a prefix and end with a suffix.</summary>
    public Tensor[] Tensors(SafetensorsFile file, string prefix = "", string suffix = "")
    {
        (string[] names, bool encoderByColumn, bool decoderByColumn) = s_layouts[Recipe.Name];
        Tensor[] tensors = [.. names.Select(name => file.Load($"{prefix}{name}{suffix}"))];
        tensors[0] = encoderByColumn ? tensors[0].t() : tensors[0];
        tensors[2] = decoderByColumn ? tensors[2].t() : tensors[2];
        return tensors;
    }

    public DictionaryParameters Initial()
    {
        Tensor[] initial = Tensors(File("init.safetensors"));
        return new DictionaryParameters(initial[0], initial[1], initial[2], initial[3], CPU);
    }

    public static bool IsKnown(string folder)
    {
        string recipe = Golden.Json(folder, "config.json").GetProperty("recipe").GetString()!;
        return RecipeRegistry.All.Any(r => recipe == r.Name || recipe.StartsWith(r.Name + "-", StringComparison.Ordinal));
    }

    private static int Int(JsonElement json, string name)
    {
        return json.GetProperty(name).GetInt32();
    }

    private static void Expect(JsonElement json, string name, string value)
    {
        json.GetProperty(name).GetString().ShouldBe(value, name);
    }

    private static (long WarmUp, long Decay) Schedule(JsonElement json)
    {
        JsonElement schedule = json.GetProperty("lr_schedule");
        switch (schedule.GetProperty("kind").GetString())
        {
            case "constant":
                return (0, 0);
            case "constant with linear warm-up and decay":
                schedule.GetProperty("total_steps").GetInt32().ShouldBe(Int(json, "steps"));
                return (schedule.GetProperty("warm_up_steps").GetInt64(), schedule.GetProperty("decay_steps").GetInt64());
            default:
                throw new InvalidOperationException($"unknown schedule in {json.GetProperty("recipe")}");
        }
    }

    private static double? Clip(JsonElement json)
    {
        JsonElement clip = json.GetProperty("clip");
        if (clip.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        Expect(clip, "kind", "global_l2");
        clip.GetProperty("eps").GetDouble().ShouldBe(1e-6);
        return clip.GetProperty("max_norm").GetDouble();
    }

    private static void RefuseUnknown(JsonElement json, JsonElement model)
    {
        foreach (JsonProperty option in model.EnumerateObject())
        {
            bool known = option.Name switch
            {
                "k" or "auxk" or "auxk_coef" or "mse_scale" or "aux_loss_coefficient" or "rescale_acts_by_decoder_norm" => true,
                "dead_steps_threshold" => option.Value.GetInt64() == json.GetProperty("dead").GetProperty("window").GetInt64(),
                "ema" => option.Value.ValueKind == JsonValueKind.Null,
                "dtype" => option.Value.GetString() == "float32",
                "apply_b_dec_to_input" => option.Value.GetBoolean(),
                "normalize_activations" or "reshape_activations" => option.Value.GetString() == "none",
                "use_sparse_activations" or "decoder_init_norm" => true,
                _ => false,
            };
            known.ShouldBeTrue($"{option.Name} = {option.Value} is an option that this program has not");
        }

        if (json.TryGetProperty("normalisation_scale", out JsonElement scale))
        {
            scale.ValueKind.ShouldBe(JsonValueKind.Null);
        }
    }
}
