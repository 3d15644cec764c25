namespace Workbench.Harvest.Harvesting;

/// <summary>Which token stands behind each document of packed windows.</summary>
internal enum SeparatorPolicy
{
    /// <summary>EOS where the tokenizer has one, else BOS.</summary>
    Auto,

    /// <summary>The token that ends a document.</summary>
    Eos,

    /// <summary>The token that begins a document.</summary>
    Bos,

    /// <summary>None.</summary>
    None,
}
