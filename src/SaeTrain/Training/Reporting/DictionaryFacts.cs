using System.Text.Json;
using Workbench.Activations;
using Workbench.Dictionaries;

namespace Workbench.SaeTrain.Training.Reporting;

/// <summary>The facts that a trained dictionary carries in its <c>cfg.json</c>, under SAELens' names where it has one.</summary>
internal static class DictionaryFacts
{
    public static SparseAutoencoderConfig Template(TrainingConfig config, HarvestInfo harvest)
    {
        return new SparseAutoencoderConfig
        {
            Architecture = SparseArchitecture.TopK,
            Width = config.Width,
            Latents = config.Latents,
            K = 1,
            Hook = config.Hook,
            OutputWidth = config.HookOut is null ? null : config.OutputWidth,
            OutputHook = config.HookOut,
            SubtractDecoderBias = config.HookOut is null,
            Metadata = new Dictionary<string, object>
            {
                ["model_name"] = harvest.Model,
                ["hook_name"] = config.Hook,
                ["dataset_path"] = harvest.Corpus,
                ["context_size"] = harvest.Context,
                ["prepend_bos"] = harvest.Bos == "always",
                ["training_architecture"] = config.Architecture,
                ["training_recipe"] = config.Recipe,
                ["harvest"] = config.Harvest,
                ["model_hash"] = harvest.ModelHash,
            }.ToDictionary(fact => fact.Key, fact => JsonSerializer.SerializeToElement(fact.Value)),
        };
    }
}
