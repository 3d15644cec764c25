using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives.Selection;

/// <summary>Picks the k largest positive pre-activations of each row; one implementation a kind of device.</summary>
internal interface ILatentSelector : IDisposable
{
    /// <summary>Picks.</summary>
    /// <param name="centred">Rows to encode [rows, d], contiguous float32.</param>
    /// <param name="encoder">[n, d].</param>
    /// <param name="bias">[n].</param>
    /// <param name="scale">Factor of each latent's pre-activation before the choice [n], or null.</param>
    /// <param name="k">Latents of a row.</param>
    LatentChoice Choose(Tensor centred, Tensor encoder, Tensor bias, Tensor? scale, int k);
}
