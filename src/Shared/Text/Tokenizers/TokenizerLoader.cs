using Workbench.Models.Weights;
using Workbench.Text.Tokenizers.Gguf;

namespace Workbench.Text.Tokenizers;

/// <summary>Reads tokenizers from the files that models come with.</summary>
public static class TokenizerLoader
{
    /// <summary>
    /// Reads a tokenizer.json. The begin and end tokens and the chat template come from the files beside it.
    /// </summary>
    /// <param name="tokenizerJsonPath">Path of the file.</param>
    /// <exception cref="WorkbenchException">The file cannot be read, is broken, or asks for something that is not supported; the sentence names file, field and what was found.</exception>
    public static TextTokenizer FromJson(string tokenizerJsonPath)
    {
        return TokenizerJsonReader.Read(tokenizerJsonPath);
    }

    /// <summary>
    /// Reads the tokenizer that a GGUF file holds: SentencePiece BPE, or byte-level BPE whose pre-tokenizer has a known name.
    /// Copies what it needs, so the file may be closed afterwards.
    /// </summary>
    /// <param name="file">The open file.</param>
    /// <exception cref="WorkbenchException">The file holds no tokenizer or one that is not supported; the sentence names file, field and what was found.</exception>
    public static TextTokenizer FromGguf(GgufFile file)
    {
        return GgufTokenizerReader.Read(file);
    }
}
