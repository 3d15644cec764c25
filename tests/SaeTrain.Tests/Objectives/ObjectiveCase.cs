using TorchSharp;
using Workbench.SaeTrain.Objectives;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Tests.Objectives;

/// <summary>A small random problem, twice over: once for an objective, once for a formula written out densely.</summary>
internal sealed class ObjectiveCase : IDisposable
{
    public const int Rows = 24;
    public const int Width = 8;
    public const int Latents = 40;
    public const long DeadSteps = 3;

    private readonly IDisposable _scope = NewDisposeScope();
    private readonly List<(string Name, Tensor Value)> _weights;

    public ObjectiveCase(params (string Name, double Mean)[] further)
    {
        var random = new Generator(11);
        X = randn(Rows, Width, generator: random) + 0.3;
        _weights =
        [
            (ParameterNames.Encoder, randn(Latents, Width, generator: random)),
            (ParameterNames.EncoderBias, randn(Latents, generator: random) * 0.2),
            (ParameterNames.Decoder, randn(Latents, Width, generator: random)),
            (ParameterNames.DecoderBias, randn(Width, generator: random) * 0.2),
            .. further.Select(weight => (weight.Name, (randn(Latents, generator: random) * 0.1) + weight.Mean)),
        ];
        (Own, Dense) = (new ParameterSet(_weights, CPU), new ParameterSet(_weights, CPU));
        Dead = [1, 4, 9, 16, 25, 33];
    }

    /// <summary>[rows, width].</summary>
    public Tensor X { get; }

    /// <summary>The objective's weights.</summary>
    public ParameterSet Own { get; }

    /// <summary>The formula's weights.</summary>
    public ParameterSet Dense { get; }

    /// <summary>Latents that are dead.</summary>
    public long[] Dead { get; }

    /// <summary>1 where a latent is dead [latents].</summary>
    public Tensor DeadMask => zeros(Latents).index_fill_(0, tensor(Dead), 1);

    /// <summary>Norms of the formula's decoder rows [latents].</summary>
    public Tensor Norm => Dense.Decoder.pow(2).sum(1).sqrt();

    /// <summary><c>(x - b_dec) W_enc + b_enc</c> of the formula.</summary>
    public Tensor PreActivations => (X - Dense.DecoderBias).mm(Dense.Encoder.t()) + Dense.EncoderBias;

    /// <summary>Lets the dead latents have been silent for long.</summary>
    public void Silence(FiringCounters counters)
    {
        counters.Since.index_fill_(0, tensor(Dead), DeadSteps + 1);
    }

    /// <summary>Entries of a matrix that are among its largest, others 0.</summary>
    public static Tensor Largest(Tensor values, int count)
    {
        (Tensor largest, Tensor places) = values.reshape(-1).topk(count);
        return zeros(values.numel()).scatter(0, places, largest).view(values.shape);
    }

    /// <summary>SAELens' AuxK, dense.</summary>
    public Tensor Auxiliary(Tensor hidden, Tensor residual, Tensor mask, double coefficient)
    {
        int most = Width / 2;
        int dead = (int)mask.sum().item<float>();
        (Tensor largest, Tensor places) = hidden.masked_fill(mask.eq(0), double.NegativeInfinity).topk(Math.Min(most, dead), -1);
        Tensor kept = zeros_like(hidden).scatter(-1, places, largest);
        Tensor prediction = kept.mm(Dense.Decoder / Norm.unsqueeze(1));
        return coefficient * Math.Min(dead / (double)most, 1) * (prediction - residual.detach()).pow(2).sum(-1).mean();
    }

    /// <summary>Total and gradients of the objective must be those of the formula.</summary>
    public void Compare(ITrainingObjective objective, Tensor expected, long step = 5)
    {
        LossTerms losses = objective.Forward(new TrainingBatch(X), step).Losses;
        losses.Total.backward();
        expected.backward();
        losses.Total.item<float>().ShouldBe(expected.item<float>(), Math.Abs(expected.item<float>()) * 1e-5f);
        foreach ((string name, Tensor weight) in Dense.All)
        {
            TensorAssert.CloseToScale(weight.grad!, Own[name].grad!, 1e-5, name);
        }
    }

    public void Dispose()
    {
        Own.Dispose();
        Dense.Dispose();
        _scope.Dispose();
    }
}
