namespace Workbench.Text.Tokenizers.PreTokenization;

/// <summary>What becomes of the matches when a text is split, in the words of tokenizer.json.</summary>
internal enum SplitBehavior
{
    /// <summary>Each is a piece.</summary>
    Isolated,

    /// <summary>They are dropped.</summary>
    Removed,

    /// <summary>Each joins the text before it.</summary>
    MergedWithPrevious,

    /// <summary>Each joins the text after it.</summary>
    MergedWithNext,

    /// <summary>Neighbouring ones are one piece.</summary>
    Contiguous,
}
