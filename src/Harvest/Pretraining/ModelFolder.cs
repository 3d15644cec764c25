using TorchSharp;
using Workbench.Models.Weights;
using Workbench.Workspaces;
using static TorchSharp.torch;

namespace Workbench.Harvest.Pretraining;

/// <summary>Writes a trained model as a folder that Hugging Face transformers loads.</summary>
internal static class ModelFolder
{
    public static void Write(string folder, PretrainOptions options, LlamaParameters parameters)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        List<(string, Tensor)> tensors = [.. parameters.Names.Select(name => (name, parameters[name].to(ScalarType.BFloat16)))];
        var metadata = new Dictionary<string, string> { ["format"] = "pt" };
        AtomicFile.Write(Path.Combine(folder, "model.safetensors"), stream => SafetensorsWriter.Write(stream, tensors, metadata));
        AtomicFile.WriteText(Path.Combine(folder, "config.json"), LlamaConfigFile.Write(options));
    }
}
