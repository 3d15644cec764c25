using TorchSharp;
using Workbench.Dictionaries;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Interventions;

/// <summary>Two latents that a reader can compute: z0 = max(x0, 0) with d0 = (2, 0, 0, 0), z1 = max(x1 - 1, 0) with d1 = (0, 3, 4, 0).</summary>
internal sealed class HandDictionary(int width = HandDictionary.Width) : ILatentModel
{
    public const int Width = 4;

    public int Latents => 2;

    public IReadOnlyList<DictionarySite> Inputs { get; } = [new DictionarySite("blocks.0.hook_resid_post", width)];

    public IReadOnlyList<DictionarySite> Outputs => Inputs;

    public string WeightsHash => string.Empty;

    public Tensor Encode(Tensor x)
    {
        return cat([x.narrow(-1, 0, 1), x.narrow(-1, 1, 1) - 1], -1).relu();
    }

    public Tensor Decode(Tensor z)
    {
        return z.matmul(stack([Direction(0), Direction(1)]));
    }

    public Tensor Reconstruct(Tensor x)
    {
        return Decode(Encode(x));
    }

    public Tensor Direction(int latent, int output = 0)
    {
        return tensor(latent == 0 ? new[] { 2f, 0, 0, 0 } : new[] { 0f, 3, 4, 0 });
    }

    public void Dispose()
    {
    }
}
