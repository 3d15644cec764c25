using TorchSharp;
using Workbench.Models.Weights;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries.Formats;

/// <summary>Takes tensors out of a weights file one by one and refuses what is left, misshapen or not finite.</summary>
internal sealed class SaeLensWeights
{
    private const string LegacyScale = "scaling_factor";

    private readonly SafetensorsFile _file;
    private readonly SaeLensConfig _config;
    private readonly Device _device;
    private readonly HashSet<string> _rest;

    public SaeLensWeights(SafetensorsFile file, SaeLensConfig config, Device device)
    {
        _file = file;
        _config = config;
        _device = device;
        _rest = [.. file.Names];
    }

    public Tensor Take(string name, params long[] shape)
    {
        if (!_rest.Remove(name))
        {
            throw new WorkbenchException($"{_file.Path} lacks tensor '{name}' of shape [{string.Join(", ", shape)}], which architecture '{_config.ArchitectureName}' needs.");
        }

        SafetensorsEntry entry = _file.Info(name);
        if (!entry.Shape.SequenceEqual(shape))
        {
            throw new WorkbenchException(
                $"{_file.Path}: tensor '{name}' has shape [{string.Join(", ", entry.Shape)}], where [{string.Join(", ", shape)}] was expected by d_in and d_sae of cfg.json.");
        }

        if (entry.Type is not (ScalarType.Float32 or ScalarType.Float64 or ScalarType.Float16 or ScalarType.BFloat16))
        {
            throw new WorkbenchException($"{_file.Path}: tensor '{name}' is stored as {entry.Type}, where a floating-point type was expected.");
        }

        Tensor tensor = _file.Load(name).to(ScalarType.Float32, _device, copy: true);
        RefuseNonFinite(name, tensor);
        return tensor;
    }

    public Tensor TakeThreshold(long latents)
    {
        return _rest.Contains("log_threshold") && !_rest.Contains("threshold")
            ? Take("log_threshold", latents).exp_()
            : Take("threshold", latents);
    }

    public void RefuseRest()
    {
        if (_config.IsLegacy && _rest.Contains(LegacyScale))
        {
            Tensor scale = Take(LegacyScale, _config.Config.Latents);
            if (!scale.eq(1).all().item<bool>())
            {
                throw new WorkbenchException(
                    $"{_file.Path}: tensor '{LegacyScale}' is not all ones, which would change the latents although cfg.json does not ask for it; fold it into the decoder first.");
            }
        }

        if (_rest.Count > 0)
        {
            throw new WorkbenchException(
                $"{_file.Path} holds tensor '{_rest.Order(StringComparer.Ordinal).First()}', which architecture '{_config.ArchitectureName}' does not have.");
        }
    }

    private void RefuseNonFinite(string name, Tensor tensor)
    {
        if (!tensor.isfinite().all().item<bool>())
        {
            string what = tensor.isnan().any().item<bool>() ? "NaN" : "infinite values";
            throw new WorkbenchException($"{_file.Path}: tensor '{name}' holds {what}, where finite numbers were expected; export the dictionary again.");
        }
    }
}
