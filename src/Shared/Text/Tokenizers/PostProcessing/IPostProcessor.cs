namespace Workbench.Text.Tokenizers.PostProcessing;

/// <summary>One step of what happens after the model.</summary>
internal interface IPostProcessor
{
    /// <summary>What the step makes of what came before it.</summary>
    TokenFrame Apply(TokenFrame before);
}
