using TorchSharp;
using Workbench.Models.Layers;
using Workbench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models;

/// <summary>A transformer that can be read and edited at its hook points.</summary>
/// <remarks>An instance belongs to one thread at a time: its buffers are reused from call to call.</remarks>
public abstract class LanguageModel : IDisposable
{
    private bool _gathered;

    /// <summary>Creates the common part.</summary>
    protected LanguageModel(ModelConfig config, Device device, ScalarType computeType)
    {
        Config = config;
        Device = device;
        ComputeType = computeType;
    }

    /// <summary>Sizes and settings.</summary>
    public ModelConfig Config { get; }

    /// <summary>Where the weights are.</summary>
    public Device Device { get; }

    /// <summary>Number type of the operands of matrix products; the residual stream and the logits are float32 always.</summary>
    public ScalarType ComputeType { get; }

    /// <summary>Unembedding, float32 [vocabulary, width]; belongs to the model.</summary>
    public abstract Tensor UnembedWeight { get; }

    /// <summary>Factor of the final norm as it is applied, float32 [width]; belongs to the model.</summary>
    public Tensor FinalNormWeight => FinalNorm.Weight;

    /// <summary>Bytes of weights that a pass over one token reads, as they are stored: all but the tables of embeddings, of which it reads a row.</summary>
    public long TokenWeightBytes => TokenWeights.Sum(weight => weight.numel() * weight.dtype.ElementSize());

    /// <summary>The weights of <see cref="TokenWeightBytes"/>.</summary>
    private protected abstract IEnumerable<Tensor> TokenWeights { get; }

    /// <summary>The norm before the unembedding.</summary>
    private protected abstract Norm FinalNorm { get; }

    /// <summary>Runs the model.</summary>
    /// <param name="tokens">int64 [batch, seq].</param>
    /// <param name="hooks">What to read or edit on the way.</param>
    /// <param name="stopAtLastHook">Whether to stop behind the last hook reached; the result is then null.</param>
    /// <param name="cache">Keys and values of the columns before; grows by the columns given.</param>
    /// <param name="attentionMask">int64 [batch, seq], ones followed by zeros where a sequence is padded on the right; null for none.</param>
    /// <param name="logits">Positions whose logits are wanted.</param>
    /// <returns>Logits, float32 [batch, seq or 1, vocabulary]; they belong to the caller's dispose scope.</returns>
    /// <exception cref="WorkbenchException">A hook that the model lacks, too many tokens, an id outside the vocabulary, or another padding.</exception>
    public Tensor? Forward(
        Tensor tokens,
        IReadOnlyList<Hook>? hooks = null,
        bool stopAtLastHook = false,
        KvCache? cache = null,
        Tensor? attentionMask = null,
        LogitPositions logits = LogitPositions.All)
    {
        hooks ??= [];
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        ForwardCheck.Run(this, tokens, hooks, stopAtLastHook, cache, attentionMask);
        var pass = new ForwardPass(tokens.to(Device), hooks, stopAtLastHook, cache, attentionMask, logits);
        Tensor? result = Run(pass);
        cache?.Advance(pass.Length);
        return result?.MoveToOuterDisposeScope();
    }

    /// <summary>Whether the model reaches a hook point.</summary>
    public bool Has(HookPoint point)
    {
        return AbsenceOf(point) is null;
    }

    /// <summary>Why the model lacks a hook point; null where it has it.</summary>
    internal string? AbsenceOf(HookPoint point)
    {
        return point.Layer >= Config.Layers ? $"its blocks are 0 to {Config.Layers - 1}"
            : Absence(point.Kind) is string reason ? $"in a {Config.Family} model {reason}"
            : null;
    }

    /// <summary>Width of the value at a hook point.</summary>
    /// <exception cref="WorkbenchException">The model lacks the hook.</exception>
    public int HookWidth(HookPoint point)
    {
        ForwardCheck.Hook(this, point);
        return point.Kind switch
        {
            HookKind.AttentionZ => Config.Heads * Config.HeadDim,
            HookKind.MlpPost => Config.IntermediateSize,
            _ => Config.Width,
        };
    }

    /// <summary>
    /// First-order effect of residual-stream directions on the logits, before a final soft cap: (directions * final norm weight) W_U^T,
    /// directions centred first where the final norm centres (a layer norm), and each row centred over the vocabulary, since a constant
    /// added to all logits changes nothing.
    /// </summary>
    /// <param name="directions">float32 [n, width].</param>
    /// <returns>float32 [n, vocabulary].</returns>
    public Tensor LogitEffect(Tensor directions)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return Unembedded(FinalNorm.Linear(directions.to(ScalarType.Float32, Device))).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// First-order effect on the logits of directions at a hook point, past all later blocks: by <see cref="DirectEffect.Formula"/>,
    /// each row centred over the vocabulary.
    /// </summary>
    /// <param name="point">A hook point with a direct effect.</param>
    /// <param name="directions">float32 [n, the hook's width].</param>
    /// <returns>float32 [n, vocabulary].</returns>
    /// <exception cref="WorkbenchException">The model lacks the hook, or it has no direct effect.</exception>
    public Tensor LogitEffect(HookPoint point, Tensor directions)
    {
        ForwardCheck.Hook(this, point);
        if (DirectEffect.Formula(point) is null)
        {
            throw new WorkbenchException($"Logit effects of {point.Name}: {DirectEffect.WhyNone(point)}; use a hook of the residual stream.");
        }

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor input = directions.to(ScalarType.Float32, Device);
        Tensor read = point.Kind switch
        {
            HookKind.FinalOut => input,
            HookKind.FinalNormalized => input * FinalNormWeight,
            HookKind.AttentionZ or HookKind.MlpPost => FinalNorm.Linear(Written(point, input)),
            _ => FinalNorm.Linear(input),
        };
        return Unembedded(read).MoveToOuterDisposeScope();
    }

    /// <summary>Moves the weights to large pages, once: a token's pass reads all of them, and its rate is that of the memory.</summary>
    internal unsafe void GatherWeights()
    {
        if (_gathered || Device.type != DeviceType.CPU)
        {
            return;
        }

        _gathered = true;
        LargePages.Gather(TokenWeights.Select(weight => ((nint)TensorMemory.Pointer(weight), (nint)(weight.numel() * weight.dtype.ElementSize()))));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases weights and buffers.</summary>
    protected abstract void Dispose(bool disposing);

    /// <summary>What directions at a sub-block's last hook [n, its width] add to the residual stream, float32 [n, width].</summary>
    private protected abstract Tensor Written(HookPoint point, Tensor directions);

    /// <summary>Why the architecture has no hook of this kind, as the end of a sentence; null where it has.</summary>
    private protected abstract string? Absence(HookKind kind);

    /// <summary>The forward pass itself, inside a dispose scope and without gradients.</summary>
    private protected abstract Tensor? Run(ForwardPass pass);

    private Tensor Unembedded(Tensor read)
    {
        Tensor effect = read.mm(UnembedWeight.t());
        return effect.sub_(effect.mean([1], keepdim: true));
    }
}
