using Workbench.Text.Tokenizers.Decoding;
using Workbench.Text.Tokenizers.Models;
using Workbench.Text.Tokenizers.Normalization;
using Workbench.Text.Tokenizers.PreTokenization;

namespace Workbench.Text.Tokenizers.Gguf;

/// <summary>What a GGUF file says of its pipeline.</summary>
/// <param name="Normalizer">Before everything else, or null.</param>
/// <param name="PreTokenizer">The pre-tokenizer, or null.</param>
/// <param name="Model">The model.</param>
/// <param name="Decoder">From tokens to text.</param>
/// <param name="AddsBos">Whether BOS is added where the file does not say.</param>
/// <param name="Name">What the kind goes by in the hash of the tokenizer.</param>
/// <param name="Content">What else of the file decides about ids, for the hash.</param>
internal sealed record GgufTokenizerParts(
    INormalizer? Normalizer, IPreTokenizer? PreTokenizer, ITokenModel Model, IDecoder Decoder, bool AddsBos, string Name, string Content);
