using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Features;
using Workbench.Models;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Indexing;

/// <summary>The tokens that each latent makes more and less likely, to first order.</summary>
internal static class LogitEffects
{
    public const string Formula = "(W_dec * final norm weight) W_U^T, centred over the vocabulary";

    /// <summary>Tokens kept on each side.</summary>
    public const int Count = 10;

    private const long BlockElements = 1 << 24;

    private static readonly HashSet<HookKind> s_residual =
    [
        HookKind.Embed, HookKind.PositionEmbed, HookKind.ResidualPre, HookKind.ResidualMid, HookKind.ResidualPost,
        HookKind.AttentionOut, HookKind.MlpOut, HookKind.MlpIn, HookKind.FinalNormalized,
    ];

    /// <summary>Whether a direction at this hook point is one of the residual stream, which the unembedding reads.</summary>
    public static bool AppliesTo(HookPoint hook)
    {
        return s_residual.Contains(hook.Kind);
    }

    public static void Run(
        LanguageModel model,
        SparseAutoencoder dictionary,
        FeatureIndexInfo info,
        FeatureColumns columns,
        Action<string, long, long> progress,
        CancellationToken cancellation)
    {
        int n = info.Latents;
        int block = (int)Math.Clamp(BlockElements / model.Config.VocabularySize, 16, 1024);
        for (int first = 0; first < n; first += block)
        {
            cancellation.ThrowIfCancellationRequested();
            using var noGradient = no_grad();
            using var scope = NewDisposeScope();
            int rows = Math.Min(block, n - first);
            Tensor effect = model.LogitEffect(dictionary.Directions.narrow(0, first, rows));
            Keep(effect, largest: true, first, info.Logits, columns.TopLogitIds, columns.TopLogitValues);
            Keep(effect, largest: false, first, info.Logits, columns.BottomLogitIds, columns.BottomLogitValues);
            progress("logits", first + rows, n);
        }
    }

    private static void Keep(Tensor effect, bool largest, int first, int count, int[] ids, float[] values)
    {
        int kept = (int)Math.Min(count, effect.shape[1]);
        (Tensor found, Tensor indices) = effect.topk(kept, 1, largest);
        DecoderGeometry.Copy(indices.to(ScalarType.Int32), ids, first, count, kept);
        DecoderGeometry.Copy(found, values, first, count, kept);
    }
}
