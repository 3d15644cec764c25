using System.Text.Json;
using Workbench.SaeTrain.Recipes.DictionaryLearning.Standard;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Tests.Recipes;

/// <summary>The draws of a reference run, one after the other.</summary>
internal sealed class RecordedRowDraw(JsonElement drawn) : IRowDraw
{
    private int _next;

    public Tensor Draw(Tensor weights, int count, long step)
    {
        long[] rows = [.. drawn[_next++].GetProperty("indices").EnumerateArray().Select(row => row.GetInt64())];
        rows.Length.ShouldBe(count);
        return tensor(rows);
    }
}
