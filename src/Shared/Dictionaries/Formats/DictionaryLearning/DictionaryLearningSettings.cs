using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Dictionaries.Formats.DictionaryLearning;

/// <summary>What a <c>config.json</c> of dictionary_learning says of the dictionary beside it.</summary>
internal sealed record DictionaryLearningSettings(string Path, string ClassName, JsonFields Trainer, JsonFields Buffer)
{
    public const string UnsetNote =
        "The threshold of this dictionary was never set in training, so that it acts as a plain ReLU, as it does in the library that wrote it.";

    private const string ThresholdFact = "threshold";

    public static DictionaryLearningSettings Read(string path)
    {
        JsonFields fields = JsonFields.Read(path);
        JsonFields trainer = JsonFields.Within($"{path}, trainer", fields.Object("trainer"));
        JsonFields buffer = JsonFields.Within($"{path}, buffer", fields.Object("buffer"));
        return new DictionaryLearningSettings(path, trainer.Text("dict_class", null), trainer, buffer);
    }

    /// <summary>Adds where the dictionary belongs, and what a reader should know, and checks sizes against the file's own.</summary>
    public SparseAutoencoderConfig Complete(SparseAutoencoderConfig config, double? normFactor)
    {
        Agree("activation_dim", config.Width);
        Agree("dict_size", config.Latents);
        List<string> notes = [];
        if (normFactor is double factor)
        {
            notes.Add(FormattableString.Invariant(
                $"An interrupted run wrote this dictionary, and it reads activations divided by {factor}: biases and thresholds are not scaled back yet."));
        }

        if (config.Metadata.TryGetValue(ThresholdFact, out JsonElement threshold) && threshold.TryGetDouble(out double value) && value < 0 && config.Architecture == SparseArchitecture.JumpRelu)
        {
            notes.Add(UnsetNote);
        }

        var facts = config.Metadata.Select(fact => KeyValuePair.Create(fact.Key, (object?)fact.Value)).Concat(
        [
            KeyValuePair.Create<string, object?>("model_name", Trainer.Find("lm_name")),
            KeyValuePair.Create<string, object?>("layer", Trainer.Find("layer")),
            KeyValuePair.Create<string, object?>("io", Buffer.Find("io")),
            KeyValuePair.Create<string, object?>("context_size", Buffer.Find("ctx_len")),
            KeyValuePair.Create<string, object?>("trainer_class", Trainer.Find("trainer_class")),
            KeyValuePair.Create<string, object?>("norm_factor", normFactor),
        ]);
        SparseAutoencoderConfig complete = config with
        {
            Hook = Trainer.OptionalText("submodule_name") ?? string.Empty,
            Metadata = DictionaryNotes.Facts(facts, notes),
        };
        complete.Validate(Path);
        return complete;
    }

    public static JsonObject ToJson(SparseAutoencoder dictionary, DictionaryLearningClass kind)
    {
        SparseAutoencoderConfig config = dictionary.Config;
        JsonNode? Fact(string key) => config.Metadata.TryGetValue(key, out JsonElement value) ? JsonNode.Parse(value.GetRawText()) : null;
        var trainer = new JsonObject
        {
            ["dict_class"] = kind.Name,
            ["trainer_class"] = kind.Trainer,
            ["activation_dim"] = config.Width,
            ["dict_size"] = config.Latents,
            ["device"] = "cpu",
            ["layer"] = Fact("layer"),
            ["lm_name"] = Fact("model_name"),
            ["wandb_name"] = kind.Trainer,
            ["submodule_name"] = config.Hook,
        };
        if (config.K is not null || Fact("k") is not null)
        {
            trainer["k"] = config.K ?? Fact("k");
        }

        if (Fact("group_sizes") is JsonNode groups)
        {
            trainer["group_sizes"] = groups;
        }

        return new JsonObject
        {
            ["trainer"] = trainer,
            ["buffer"] = new JsonObject { ["d_submodule"] = config.Width, ["io"] = Fact("io") ?? "out", ["ctx_len"] = Fact("context_size"), ["device"] = "cpu" },
        };
    }

    private void Agree(string field, int found)
    {
        if (Trainer.Integer(field) is int stated && stated != found)
        {
            throw Trainer.Bad(field, $"{found}, as the tensors have it,", $"{stated}");
        }
    }
}
