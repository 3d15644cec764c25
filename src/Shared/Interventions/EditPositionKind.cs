namespace Workbench.Interventions;

/// <summary>Kinds of places in a text.</summary>
public enum EditPositionKind
{
    /// <summary>Every position.</summary>
    All,

    /// <summary>The positions of the prompt.</summary>
    Prompt,

    /// <summary>The positions of generated tokens.</summary>
    Generated,

    /// <summary>The newest position at each step: the prompt's last, then each generated token.</summary>
    Last,

    /// <summary>Positions from one to another, both included, counted from 0 at the start of the text.</summary>
    Range,
}
