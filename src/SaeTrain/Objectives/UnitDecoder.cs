using TorchSharp;
using Workbench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives;

/// <summary>Keeps decoder rows at unit norm: the gradient loses its part along them, and rows are divided by their norm.</summary>
internal static class UnitDecoder
{
    /// <summary>Float32's machine epsilon, which dictionary_learning and sparsify add to norms that they divide by.</summary>
    public const double MachineEpsilon = 1.1920928955078125e-7;

    /// <summary>What dictionary_learning adds to norms in the projection of its top-k trainers.</summary>
    public const double ProjectionEpsilon = 1e-6;

    /// <summary>Takes from each row's gradient its part along <c>row / (norm + epsilon)</c>.</summary>
    public static void RemoveParallel(Tensor decoder, double epsilon)
    {
        if (decoder.grad is not null)
        {
            using var noGradient = no_grad();
            using var scope = NewDisposeScope();
            Remove(decoder.grad, decoder / Norms(decoder, epsilon));
        }
    }

    /// <summary>Takes from each row's gradient its part along the row, held for a unit vector as it is.</summary>
    public static void RemoveParallel(Tensor decoder)
    {
        if (decoder.grad is not null)
        {
            using var noGradient = no_grad();
            using var scope = NewDisposeScope();
            Remove(decoder.grad, decoder);
        }
    }

    /// <summary>Divides each row by its norm plus a small number.</summary>
    public static void Normalise(Tensor decoder, double epsilon)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        decoder.div_(Norms(decoder, epsilon));
    }

    private static void Remove(Tensor gradient, Tensor directions)
    {
        gradient.sub_((gradient * directions).sum(1, true).mul(directions));
    }

    private static Tensor Norms(Tensor decoder, double epsilon)
    {
        return decoder.norm(1, true).add_(epsilon);
    }
}
