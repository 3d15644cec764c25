namespace Workbench.Harvest.Harvesting;

/// <summary>Whether each sequence begins with the model's BOS token.</summary>
internal enum BosPolicy
{
    /// <summary>As the tokenizer itself does.</summary>
    Auto,

    /// <summary>Always.</summary>
    Always,

    /// <summary>Never.</summary>
    Never,
}
