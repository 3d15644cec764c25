using System.Text.Json;
using Workbench.SaeTrain.Recipes;

namespace Workbench.SaeTrain.Tests.Recipes;

/// <summary>
/// A reference run's model options as the recipe's own. What is no option of the recipe must be a fact of the run that the
/// program holds elsewhere, and must have the one value that this program knows.
/// </summary>
internal static class GoldenOptions
{
    public static IReadOnlyDictionary<string, JsonElement> Of(JsonElement json, IRecipe recipe, RunSizes sizes)
    {
        HashSet<string> known = [.. recipe.Options(new Dictionary<string, JsonElement>(), sizes).EnumerateObject().Select(option => option.Name)];
        var options = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        JsonElement model = json.GetProperty("model");
        foreach (JsonProperty option in model.EnumerateObject().Concat(json.EnumerateObject().Where(o => known.Contains(o.Name))))
        {
            if (known.Contains(option.Name))
            {
                options[option.Name] = option.Value;
            }
            else
            {
                IsFact(option, json, recipe, sizes).ShouldBeTrue($"{option.Name} = {option.Value} is an option that recipe {recipe.Name} has not");
            }
        }

        return options;
    }

    private static bool IsFact(JsonProperty option, JsonElement json, IRecipe recipe, RunSizes sizes)
    {
        return option.Name switch
        {
            "dtype" => option.Value.GetString() == "float32",
            "mse_scale" or "seed" or "use_sparse_activations" or "expansion_factor" => true,
            "ema" => option.Value.ValueKind == JsonValueKind.Null,
            "dead_steps_threshold" => option.Value.GetInt64() == json.GetProperty("dead").GetProperty("window").GetInt64(),
            "apply_b_dec_to_input" => option.Value.GetBoolean() != (recipe.Name == "anthropic-jumprelu"),
            "jumprelu_sparsity_loss_mode" => recipe.Name.EndsWith("-" + option.Value.GetString(), StringComparison.Ordinal),
            "theta" => option.Value.GetString() == "exp(log_threshold)",
            "normalize_activations" or "reshape_activations" => option.Value.GetString() == "none",
            "steps" => option.Value.GetInt64() == sizes.Steps,
            "activation_dim" => option.Value.GetInt32() == sizes.InputWidth,
            "dict_size" or "num_latents" => option.Value.GetInt32() == sizes.Latents,
            "k_final" => option.Value.GetInt64() == json.GetProperty("model").GetProperty("k").GetInt64(),
            "transcode" => option.Value.GetBoolean() == (recipe.Arrangement == HookArrangement.Pair),
            "skip_connection" => !option.Value.GetBoolean(),
            "lr" => option.Value.GetDouble() == json.GetProperty("optimizer").GetProperty("lr").GetDouble(),
            "warmup_steps" => option.Value.GetInt64() == json.GetProperty("lr_schedule").GetProperty("warm_up_steps").GetInt64(),
            "decay_start" => option.Value.ValueKind == JsonValueKind.Null
                || option.Value.GetInt64() == json.GetProperty("lr_schedule").GetProperty("decay_start").GetInt64(),
            _ => false,
        };
    }
}
