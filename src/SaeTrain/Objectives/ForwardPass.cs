using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives;

/// <summary>What an objective made of one batch.</summary>
/// <param name="Losses">The loss and its parts.</param>
/// <param name="Reconstruction">x_hat [rows, d_out], outside the graph.</param>
/// <param name="ActiveLatents">Mean number of latents that are on in a row, L0: a scalar.</param>
/// <param name="DeadLatents">Latents that the dead rule held for dead in this step.</param>
internal sealed record ForwardPass(LossTerms Losses, Tensor Reconstruction, Tensor ActiveLatents, long DeadLatents);
