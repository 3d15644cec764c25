namespace Workbench.Text.Tokenizers.Gguf;

/// <summary>Kinds of tokens in <c>tokenizer.ggml.token_type</c>.</summary>
internal enum GgufTokenType
{
    /// <summary>Part of ordinary text.</summary>
    Normal = 1,

    /// <summary>Stands for what has no token.</summary>
    Unknown = 2,

    /// <summary>Is in no text.</summary>
    Control = 3,

    /// <summary>Cut out of the text before anything else.</summary>
    UserDefined = 4,

    /// <summary>Never used.</summary>
    Unused = 5,

    /// <summary>A byte of a character that has no token.</summary>
    Byte = 6,
}
