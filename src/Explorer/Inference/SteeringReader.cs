using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Explorer.Data;
using Workbench.Explorer.Models;
using Workbench.Models;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Explorer.Inference;

/// <summary>Reads generated texts with the unedited model: how likely they are, and where a feature fires in them.</summary>
internal sealed class SteeringReader(LanguageModel model, AttachedDictionary dictionary, FeatureSpace space, int? latent)
{
    public SteeringText Read(int[] prompt, int[] generated, IReadOnlyList<Hook>? edits)
    {
        if (generated.Length == 0)
        {
            return new SteeringText([], double.NaN, edits is null ? null : double.NaN);
        }

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        int[] ids = [.. prompt.Concat(generated).Take(model.Config.ContextLength)];
        int count = ids.Length - prompt.Length;
        Tensor tokens = tensor(Array.ConvertAll(ids, id => (long)id), [1, ids.Length], ScalarType.Int64);
        using var reader = new LatentReader(dictionary);
        Tensor unedited = LogProbabilities(tokens, reader.Hooks, prompt.Length, count);
        float[] fired = latent is { } wanted ? reader.Values(wanted) : new float[ids.Length];
        Tensor targets = tokens[0].narrow(0, prompt.Length, count).unsqueeze(1);
        double loss = -unedited.gather(1, targets).mean().item<double>();
        double? divergence = null;
        if (edits is not null)
        {
            Tensor edited = LogProbabilities(tokens, edits, prompt.Length, count);
            divergence = (edited.exp() * (edited - unedited)).sum(1).mean().item<double>();
        }

        IReadOnlyList<string> texts = space.Texts(generated);
        TokenView[] views = [.. texts.Select((text, i) => new TokenView(text, i < count ? fired[prompt.Length + i] : 0, IsPeak: false))];
        return new SteeringText(views, Math.Exp(loss), divergence);
    }

    /// <summary>Log probabilities of what follows each position, float64 [count, vocabulary], for the generated tokens.</summary>
    private Tensor LogProbabilities(Tensor tokens, IReadOnlyList<Hook> hooks, int first, int count)
    {
        Tensor logits = model.Forward(tokens, hooks)!;
        return logits[0].narrow(0, first - 1, count).to(ScalarType.Float64).log_softmax(1);
    }
}
