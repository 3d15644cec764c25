namespace Workbench.Text.Tokenizers.PreTokenization;

/// <summary>Where <see cref="MetaspaceStep"/> puts a space that is not in the text.</summary>
internal enum MetaspacePrefix
{
    /// <summary>Nowhere.</summary>
    Never,

    /// <summary>At the start of the text.</summary>
    First,

    /// <summary>At the start of each stretch between added tokens.</summary>
    Always,
}
