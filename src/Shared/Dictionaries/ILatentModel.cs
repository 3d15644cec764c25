using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries;

/// <summary>A model that turns activations into latents and back: a dictionary, whatever its architecture.</summary>
public interface ILatentModel : IDisposable
{
    /// <summary>Number of latents.</summary>
    int Latents { get; }

    /// <summary>The hook points it reads; one for a sparse autoencoder.</summary>
    IReadOnlyList<DictionarySite> Inputs { get; }

    /// <summary>The hook points it reconstructs; for a sparse autoencoder the one it reads.</summary>
    IReadOnlyList<DictionarySite> Outputs { get; }

    /// <summary>SHA-256 over the weights in a fixed order, as lower-case hexadecimal.</summary>
    string WeightsHash { get; }

    /// <summary>Latents of activations, dense.</summary>
    /// <param name="x">Activations [..., width] of the input.</param>
    /// <returns>Latents [..., latents] in float32.</returns>
    Tensor Encode(Tensor x);

    /// <summary>
    /// What latents alone say of the output. Where activations are normalised it is in normalised units, and where there is a
    /// skip connection it lacks it: <see cref="Reconstruct"/> is the reconstruction.
    /// </summary>
    /// <param name="z">Latents [..., latents].</param>
    /// <returns>Activations [..., width] of the output in float32.</returns>
    Tensor Decode(Tensor z);

    /// <summary>The reconstruction of activations: encoded, decoded, normalisation undone, skip connection added.</summary>
    /// <param name="x">Activations [..., width] of the input.</param>
    /// <returns>Activations [..., width] of the output in float32.</returns>
    Tensor Reconstruct(Tensor x);

    /// <summary>How much one unit of a latent's direction moves the reconstruction of each row, where normalisation makes that differ.</summary>
    /// <param name="x">Activations [..., width] of the input.</param>
    /// <returns>Factors [..., 1] in float32, or null for 1 everywhere.</returns>
    Tensor? OutputScale(Tensor x)
    {
        return null;
    }

    /// <summary>What one unit of a latent adds to <see cref="Decode"/>.</summary>
    /// <param name="latent">Index of the latent.</param>
    /// <param name="output">Index into <see cref="Outputs"/>.</param>
    /// <returns>A vector [width] in float32 that the caller disposes.</returns>
    Tensor Direction(int latent, int output = 0);
}
