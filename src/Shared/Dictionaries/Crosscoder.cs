using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries;

/// <summary>
/// A dictionary over several hook points at once (Lindsey et al. 2024, "Sparse crosscoders for cross-layer features and model
/// diffing"): one encoder reads the same token's activations of all of them side by side, and each latent has a direction at each.
/// </summary>
/// <remarks>
/// Activations of all hooks are one row [.., sum of widths], in the order of <see cref="Inputs"/>; <see cref="Join"/> and
/// <see cref="Part"/> go between such rows and single hooks. The arithmetic is that of <see cref="Joint"/>, a sparse autoencoder over
/// these rows. Methods may be called from several threads.
/// </remarks>
public sealed class Crosscoder : ILatentModel
{
    private readonly long[] _offsets;

    /// <summary>Builds a crosscoder and takes over the autoencoder.</summary>
    /// <param name="hooks">The hook points, in the order of a row's parts.</param>
    /// <param name="joint">The autoencoder over rows that are these hooks' activations side by side.</param>
    /// <exception cref="WorkbenchException">There is no hook, or the widths do not add up to the autoencoder's.</exception>
    public Crosscoder(IReadOnlyList<DictionarySite> hooks, SparseAutoencoder joint)
    {
        ArgumentNullException.ThrowIfNull(hooks);
        ArgumentNullException.ThrowIfNull(joint);
        if (hooks.Count == 0 || hooks.Any(hook => hook.Width < 1) || hooks.Sum(hook => hook.Width) != joint.Config.Width || joint.Config.IsTranscoder)
        {
            throw new WorkbenchException(
                $"A crosscoder of hooks with {string.Join(" + ", hooks.Select(hook => hook.Width))} features needs an autoencoder of their sum, found one that reads {joint.Config.Width} and reconstructs {joint.Config.ReconstructionWidth}.");
        }

        Inputs = hooks;
        Joint = joint;
        _offsets = [.. hooks.Select((_, i) => (long)hooks.Take(i).Sum(hook => hook.Width))];
    }

    /// <summary>The autoencoder over joined rows; owned by this object.</summary>
    public SparseAutoencoder Joint { get; }

    /// <inheritdoc/>
    public int Latents => Joint.Latents;

    /// <inheritdoc/>
    public IReadOnlyList<DictionarySite> Inputs { get; }

    /// <inheritdoc/>
    public IReadOnlyList<DictionarySite> Outputs => Inputs;

    /// <inheritdoc/>
    public string WeightsHash => Joint.WeightsHash;

    /// <summary>Activations of all hooks as one row each.</summary>
    /// <param name="activations">One tensor [..., width] a hook, in the order of <see cref="Inputs"/>.</param>
    /// <returns>[..., sum of widths] in float32.</returns>
    /// <exception cref="WorkbenchException">A hook is missing, or a width is another.</exception>
    public Tensor Join(IReadOnlyList<Tensor> activations)
    {
        ArgumentNullException.ThrowIfNull(activations);
        if (activations.Count != Inputs.Count || activations.Zip(Inputs).Any(pair => pair.First.shape[^1] != pair.Second.Width))
        {
            throw new WorkbenchException(
                $"The crosscoder reads {string.Join(" and ", Inputs.Select(hook => $"{hook.Hook} ({hook.Width})"))}; found activations of width {string.Join(", ", activations.Select(tensor => tensor.shape[^1]))}.");
        }

        using var scope = NewDisposeScope();
        return cat([.. activations.Select(tensor => tensor.to(ScalarType.Float32, Joint.Device))], -1).MoveToOuterDisposeScope();
    }

    /// <summary>One hook's part of joined rows, such as a reconstruction.</summary>
    /// <param name="rows">[..., sum of widths].</param>
    /// <param name="hook">Index into <see cref="Inputs"/>.</param>
    /// <returns>A view [..., width].</returns>
    public Tensor Part(Tensor rows, int hook)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return rows.narrow(-1, _offsets[hook], Inputs[hook].Width);
    }

    /// <inheritdoc/>
    public Tensor Encode(Tensor x)
    {
        return Joint.Encode(x);
    }

    /// <inheritdoc/>
    public Tensor Decode(Tensor z)
    {
        return Joint.Decode(z);
    }

    /// <inheritdoc/>
    public Tensor Reconstruct(Tensor x)
    {
        return Joint.Reconstruct(x);
    }

    /// <inheritdoc/>
    public Tensor Direction(int latent, int output = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(output);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(output, Outputs.Count);
        using Tensor whole = Joint.Direction(latent);
        using Tensor part = Part(whole, output);
        return part.clone();
    }

    /// <summary>The norm of each latent's direction at each hook, by which a latent is shared between hooks or peculiar to one.</summary>
    /// <returns>[hooks, latents] in float32.</returns>
    public Tensor DirectionNorms()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return stack([.. Inputs.Select((_, hook) => Part(Joint.Directions, hook).norm(1))], 0).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Joint.Dispose();
    }
}
