namespace Workbench.Text.Tokenizers.Gguf;

/// <summary>Reads one kind of tokenizer of GGUF files. Every class of the assembly that implements it takes part.</summary>
internal interface IGgufTokenizerKind
{
    /// <summary>The value of <c>tokenizer.ggml.model</c> that the kind goes by.</summary>
    string Kind { get; }

    /// <summary>Reads the pipeline.</summary>
    /// <exception cref="WorkbenchException">Metadata is wrong or asks for what is not supported.</exception>
    GgufTokenizerParts Read(GgufTokenizerFields fields);
}
