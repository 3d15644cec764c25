using TorchSharp;
using Workbench.Dictionaries;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training.Scaling;
using Workbench.Workspaces;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Training;

/// <summary>The dictionary that a training starts from.</summary>
internal sealed class InitialDictionary : IDisposable
{
    private readonly string _name;
    private readonly SparseAutoencoder _dictionary;

    private InitialDictionary(string name, SparseAutoencoder dictionary)
    {
        _name = name;
        _dictionary = dictionary;
    }

    public string WeightsHash => _dictionary.WeightsHash;

    /// <summary>Opens a dictionary and holds its sizes and hooks to a configuration.</summary>
    /// <exception cref="WorkbenchException">It is absent, damaged, or does not fit.</exception>
    public static InitialDictionary Open(Workspace workspace, TrainingConfig config)
    {
        string name = config.InitFrom!;
        SparseAutoencoder dictionary = DictionaryLoader.LoadSparse(DictionaryPlace.Find(workspace, name));
        try
        {
            SparseAutoencoderConfig found = dictionary.Config;
            if ((found.Width, found.ReconstructionWidth, found.Latents) != (config.Width, config.OutputWidth, config.Latents))
            {
                throw new WorkbenchException(
                    $"--init-from {name} has {found.Latents} latents from {found.Width} to {found.ReconstructionWidth} features, where {config.Latents} from {config.Width} to {config.OutputWidth} were expected; choose --latents and --hook as there.");
            }

            RefuseHook(name, found.Hook, config.Hook);
            RefuseHook(name, found.OutputHook ?? string.Empty, config.HookOut ?? found.OutputHook ?? string.Empty);
            return new InitialDictionary(name, dictionary);
        }
        catch
        {
            dictionary.Dispose();
            throw;
        }
    }

    /// <summary>Puts the weights in place of an objective's own, in the units that it trains in.</summary>
    /// <exception cref="WorkbenchException">The architecture is another.</exception>
    public void CopyTo(ITrainingObjective objective, DataConstants constants)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        ParameterSet parameters = objective.Parameters;
        SparseAutoencoderConfig wanted = Form(objective);
        if (wanted.Architecture != _dictionary.Config.Architecture || wanted.Normalization != _dictionary.Config.Normalization)
        {
            throw new WorkbenchException(
                $"--init-from {_name} is a {_dictionary.Config.Architecture} dictionary with normalization {_dictionary.Config.Normalization}, and the recipe trains {wanted.Architecture} with {wanted.Normalization}; choose a recipe of that architecture.");
        }

        using SparseAutoencoder unit = _dictionary.WithUnitDecoder();
        SparseWeights weights = unit.Weights;
        double input = constants.InputScale;
        double output = constants.OutputScale;
        Put(parameters, ParameterNames.Encoder, weights.Encoder.t(), 1);
        Put(parameters, ParameterNames.EncoderBias, EncoderBias(weights, wanted), input);
        Put(parameters, ParameterNames.Decoder, weights.Decoder, output / input);
        Put(parameters, ParameterNames.DecoderBias, weights.DecoderBias, output);
        Put(parameters, ParameterNames.Threshold, weights.Threshold, input);
        Put(parameters, ParameterNames.LogThreshold, weights.Threshold?.mul(input).log(), 1);
        Put(parameters, ParameterNames.GateBias, weights.GateBias, input);
        Put(parameters, ParameterNames.MagnitudeScale, weights.MagnitudeScale, 1);
        Put(parameters, ParameterNames.MagnitudeBias, weights.MagnitudeBias, input);
        Put(parameters, ParameterNames.Skip, weights.Skip, output / input);
    }

    public void Dispose()
    {
        _dictionary.Dispose();
    }

    private static void RefuseHook(string name, string found, string expected)
    {
        if (found.Length > 0 && expected.Length > 0 && found != expected)
        {
            throw new WorkbenchException($"--init-from {name} is of hook {found}, and this training is of {expected}; choose a dictionary of the same hook.");
        }
    }

    /// <summary>What the objective's dictionaries are like.</summary>
    private static SparseAutoencoderConfig Form(ITrainingObjective objective)
    {
        ParameterSet parameters = objective.Parameters;
        var template = new SparseAutoencoderConfig
        {
            Architecture = SparseArchitecture.TopK, K = 1, Width = parameters.InputWidth, Latents = parameters.Latents,
        };
        using ILatentModel form = objective.ToInference(template, name => parameters[name]);
        return form is SparseAutoencoder sparse
            ? sparse.Config
            : throw new WorkbenchException($"--init-from is not possible for recipes that train a {form.GetType().Name}; leave it out.");
    }

    /// <summary>The encoder's bias, for an encoder that sees the input less the decoder's bias or not, as the recipe's does.</summary>
    private Tensor? EncoderBias(SparseWeights weights, SparseAutoencoderConfig wanted)
    {
        if (weights.EncoderBias is null || wanted.SubtractDecoderBias == _dictionary.Config.SubtractDecoderBias)
        {
            return weights.EncoderBias;
        }

        Tensor shift = weights.DecoderBias.matmul(weights.Encoder);
        return wanted.SubtractDecoderBias ? weights.EncoderBias + shift : weights.EncoderBias - shift;
    }

    private static void Put(ParameterSet parameters, string name, Tensor? value, double factor)
    {
        if (parameters.Has(name) && value is not null)
        {
            _ = parameters[name].copy_(value.mul(factor));
        }
    }
}
