using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Features;
using Workbench.Models;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Indexing;

/// <summary>The tokens that each latent makes more and less likely, to first order, by the model's <see cref="DirectEffect"/>.</summary>
internal static class LogitEffects
{
    /// <summary>Tokens kept on each side.</summary>
    public const int Count = 10;

    private const long BlockElements = 1 << 24;

    /// <summary>
    /// The hook whose directions the effects are of: the last that a pass reaches of those with a direct effect, since what is written
    /// before it is what later blocks read. Null where there is none.
    /// </summary>
    public static int? Hook(AttachedDictionary dictionary)
    {
        return dictionary.Writes is not { } writes ? null : Enumerable.Range(0, writes.Count)
            .Where(hook => DirectEffect.Formula(writes.Points[hook]) is not null)
            .Cast<int?>()
            .MaxBy(hook => writes.Points[hook!.Value].Order);
    }

    public static void Run(
        LanguageModel model,
        HookPoint hook,
        Tensor directions,
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
            Tensor effect = model.LogitEffect(hook, directions.narrow(0, first, rows)).cpu();
            Keep(effect, first, info.Logits, columns.TopLogitIds, columns.TopLogitValues);
            _ = effect.neg_();
            Keep(effect, first, info.Logits, columns.BottomLogitIds, columns.BottomLogitValues);
            progress("logits", first + rows, n);
        }

        for (int i = 0; i < columns.BottomLogitValues.Length; i++)
        {
            columns.BottomLogitValues[i] = -columns.BottomLogitValues[i];
        }
    }

    private static unsafe void Keep(Tensor effect, int first, int count, int[] ids, float[] values)
    {
        int length = (int)effect.shape[1];
        float* cells = TensorMemory.FloatPointer(effect);
        _ = Parallel.For(0, (int)effect.shape[0], () => new LargestOfRow(Math.Min(count, length)), (row, _, largest) =>
        {
            largest.Choose(new ReadOnlySpan<float>(cells + ((long)row * length), length));
            largest.Columns.CopyTo(ids.AsSpan((first + row) * count, count));
            largest.Values.CopyTo(values.AsSpan((first + row) * count, count));
            return largest;
        }, _ => { });
    }
}
