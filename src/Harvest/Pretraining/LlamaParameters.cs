using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Workbench.Harvest.Pretraining;

/// <summary>The trainable weights of a Llama, in float32 under the names that Hugging Face gives them.</summary>
internal sealed class LlamaParameters : IDisposable
{
    private const double Deviation = 0.02;

    private readonly Dictionary<string, Parameter> _byName = new(StringComparer.Ordinal);

    public LlamaParameters(PretrainOptions options)
    {
        using Generator generator = new((ulong)options.Seed + 1, CPU);
        Add("model.embed_tokens.weight", Normal(options.Vocabulary, options.Width, Deviation, generator));
        double output = Deviation / Math.Sqrt(2.0 * options.Layers);
        for (int layer = 0; layer < options.Layers; layer++)
        {
            string block = $"model.layers.{layer}.";
            Add(block + "input_layernorm.weight", ones(options.Width));
            foreach (string projection in new[] { "q", "k", "v" })
            {
                Add($"{block}self_attn.{projection}_proj.weight", Normal(options.Width, options.Width, Deviation, generator));
            }

            Add(block + "self_attn.o_proj.weight", Normal(options.Width, options.Width, output, generator));
            Add(block + "post_attention_layernorm.weight", ones(options.Width));
            Add(block + "mlp.gate_proj.weight", Normal(options.Intermediate, options.Width, Deviation, generator));
            Add(block + "mlp.up_proj.weight", Normal(options.Intermediate, options.Width, Deviation, generator));
            Add(block + "mlp.down_proj.weight", Normal(options.Width, options.Intermediate, output, generator));
        }

        Add("model.norm.weight", ones(options.Width));
    }

    /// <summary>Names in the order of creation.</summary>
    public IReadOnlyCollection<string> Names => _byName.Keys;

    /// <summary>Number of weights.</summary>
    public long Count => _byName.Values.Sum(parameter => parameter.numel());

    public Tensor this[string name] => _byName[name];

    /// <summary>Whether Muon trains this weight: the matrices inside the blocks.</summary>
    public static bool IsHiddenMatrix(string name)
    {
        return name.EndsWith("_proj.weight", StringComparison.Ordinal);
    }

    public void ClearGradients()
    {
        foreach (Parameter parameter in _byName.Values)
        {
            parameter.grad?.zero_();
        }
    }

    public void Dispose()
    {
        foreach (Parameter parameter in _byName.Values)
        {
            parameter.Dispose();
        }
    }

    private static Tensor Normal(long rows, long columns, double deviation, Generator generator)
    {
        return empty(rows, columns).normal_(0, deviation, generator);
    }

    private void Add(string name, Tensor value)
    {
        _byName.Add(name, new Parameter(value));
    }
}
