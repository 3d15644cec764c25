namespace Workbench.Text.Tokenizers.Chat;

/// <summary>What a statement asks of the loop around it.</summary>
internal enum LoopSignal
{
    None,
    Continue,
    Break,
}
