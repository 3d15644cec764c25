using TorchSharp;
using Workbench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives;

/// <summary>What objectives over a dense [rows, n] matrix of latents share: products in float32 and counters of silent steps.</summary>
/// <param name="parameters">The weights.</param>
/// <param name="deadSteps">A latent is dead where it has not fired for more than this number of steps.</param>
internal abstract class DenseObjective(ParameterSet parameters, long deadSteps) : TrainingObjective(parameters)
{
    /// <summary>A latent is dead where it has not fired for more than this number of steps.</summary>
    public long DeadSteps => deadSteps;

    /// <summary>How many steps each latent has been silent.</summary>
    public FiringCounters Counters { get; } = new(parameters.Latents, parameters.Device);

    public override IReadOnlyList<(string Name, Tensor Value)> State => [("since_fired", Counters.Since)];

    /// <summary>Latents that are dead before the present batch is counted, int64 [m].</summary>
    protected Tensor Dead()
    {
        return Counters.Above(deadSteps);
    }

    /// <summary><c>(x - b_dec) W_enc</c> [rows, n].</summary>
    protected Tensor Product(Tensor x)
    {
        return (x - Parameters.DecoderBias).mm(Parameters.Encoder.t());
    }

    /// <summary><c>z W_dec + b_dec</c> [rows, d_out].</summary>
    protected Tensor Decode(Tensor latents)
    {
        return latents.mm(Parameters.Decoder) + Parameters.DecoderBias;
    }

    /// <summary>Mean over rows of the squared error summed over features.</summary>
    protected static Tensor Error(Tensor reconstruction, Tensor target)
    {
        return (reconstruction - target).pow(2.0).sum(-1).mean();
    }

    /// <summary>Counts which latents are not zero in any row, and puts the pass together.</summary>
    /// <param name="terms">Loss terms, of which the total is the sum.</param>
    /// <param name="reconstruction">x_hat [rows, d_out].</param>
    /// <param name="latents">z [rows, n].</param>
    /// <param name="dead">Dead latents of the step.</param>
    protected ForwardPass Pass(IReadOnlyList<(string Name, Tensor Value)> terms, Tensor reconstruction, Tensor latents, Tensor dead)
    {
        return Pass(Sum(terms), reconstruction, latents, dead);
    }

    /// <summary>The same where the total is not the sum of the terms.</summary>
    protected ForwardPass Pass(LossTerms losses, Tensor reconstruction, Tensor latents, Tensor dead)
    {
        using var noGradient = no_grad();
        Tensor on = latents.detach().ne(0.0);
        Counters.Count(on.any(0), amount: 1, afterFiring: 0);
        Tensor active = on.sum(ScalarType.Float64) / (double)on.shape[0];
        return new ForwardPass(losses, reconstruction.detach(), active, dead.shape[0]);
    }

    private static LossTerms Sum(IReadOnlyList<(string Name, Tensor Value)> terms)
    {
        return new LossTerms(terms.Select(term => term.Value).Aggregate((sum, term) => sum + term), terms);
    }
}
