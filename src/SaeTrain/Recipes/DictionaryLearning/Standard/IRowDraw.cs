using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.Standard;

/// <summary>Draws rows of a batch without replacement.</summary>
internal interface IRowDraw
{
    /// <summary>Draws.</summary>
    /// <param name="weights">What the probability of each row is proportional to [rows], not negative.</param>
    /// <param name="count">Rows to draw, at most all of them.</param>
    /// <param name="step">The step.</param>
    /// <returns>int64 [count], in the order in which they were drawn.</returns>
    Tensor Draw(Tensor weights, int count, long step);
}
