using Microsoft.ML.Tokenizers;
using Workbench.Text.Tokenizers.Chat;

namespace Workbench.Text.Tokenizers;

/// <summary>A model's tokenizer: text to ids and back, byte-exact token texts and the chat template. Safe on any number of threads.</summary>
public sealed class TextTokenizer
{
    private readonly EncodingPipeline _pipeline;
    private readonly TokenTable _tokens;
    private readonly Lazy<ChatTemplate?> _chat;

    internal TextTokenizer(EncodingPipeline pipeline, TokenTable tokens, TokenizerFacts facts)
    {
        _pipeline = pipeline;
        _tokens = tokens;

        Hash = facts.Hash;
        BosId = facts.BosId;
        EosIds = facts.EosIds;
        ChatTemplate = facts.ChatTemplate;
        EosId = facts.EosId;
        _chat = new Lazy<ChatTemplate?>(() => ChatTemplate is null ? null : Chat.ChatTemplate.Parse(ChatTemplate));
        Base = new PipelineTokenizer(pipeline, tokens);
    }

    internal TokenTable Tokens => _tokens;

    /// <summary>The same tokenizer behind the base class of Microsoft.ML.Tokenizers.</summary>
    public Tokenizer Base { get; }

    /// <summary>Number of ids, added tokens included: the highest id plus one.</summary>
    public int VocabularySize => _tokens.Size;

    /// <summary>The token that begins a document, where the model names one.</summary>
    public int? BosId { get; }

    /// <summary>The token that ends a document, where the model names one.</summary>
    public int? EosId { get; }

    /// <summary>The tokens that end generation; may be empty.</summary>
    public IReadOnlySet<int> EosIds { get; }

    /// <summary>Whether encoding with special tokens puts <see cref="BosId"/> first.</summary>
    public bool AddsBos => BosId is { } bos && _pipeline.Frame.Prefix is [int first, ..] && first == bos;

    /// <summary>The model's chat template in Jinja, or null.</summary>
    public string? ChatTemplate { get; }

    /// <summary>SHA-256 of what the tokenizer was read from: the bytes of tokenizer.json, or the tokenizer fields of a GGUF file.</summary>
    public string Hash { get; }

    /// <summary>The ids of a text.</summary>
    /// <param name="text">Any text; a lone surrogate counts as U+FFFD.</param>
    /// <param name="addSpecialTokens">Whether the tokens that the post-processor adds (such as BOS) are included. Added tokens in the text are recognised either way.</param>
    public int[] Encode(string text, bool addSpecialTokens = false)
    {
        return [.. _pipeline.Encode(text, addSpecialTokens, withSpans: false).Ids];
    }

    /// <summary>The ids of a text with the span of each; tokens that the post-processor adds have the empty span 0..0.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="addSpecialTokens">Whether the tokens that the post-processor adds are included.</param>
    public IReadOnlyList<TokenSpan> EncodeWithOffsets(string text, bool addSpecialTokens = false)
    {
        EncodingBuffer buffer = _pipeline.Encode(text, addSpecialTokens, withSpans: true);
        var spans = new TokenSpan[buffer.Ids.Count];
        for (int index = 0; index < spans.Length; index++)
        {
            (int start, int end) = buffer.Spans![index];
            spans[index] = new TokenSpan(buffer.Ids[index], start, end);
        }

        return spans;
    }

    /// <summary>The text of ids; what is no whole character becomes U+FFFD.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="skipSpecial">Whether control tokens are left out.</param>
    /// <exception cref="WorkbenchException">An id is outside the vocabulary.</exception>
    public string Decode(IEnumerable<int> ids, bool skipSpecial = false)
    {
        return _tokens.Decode(ids, skipSpecial);
    }

    /// <summary>The bytes that a token adds amid a text; empty for an id without token.</summary>
    /// <param name="id">The token's id.</param>
    public ReadOnlyMemory<byte> TokenBytes(int id)
    {
        return _tokens.Bytes(id);
    }

    /// <summary>A token by itself as text: whole characters as they are, bytes of a split character as <c>⟨E2 80⟩</c>.</summary>
    /// <param name="id">The token's id.</param>
    public string TokenText(int id)
    {
        return _tokens.Text(id);
    }

    /// <summary>Whether a token is a control token such as BOS.</summary>
    /// <param name="id">The token's id.</param>
    public bool IsSpecial(int id)
    {
        return _tokens.IsSpecial(id);
    }

    /// <summary>The tokens of a sequence ready to be shown, characters that several tokens share included.</summary>
    /// <param name="ids">The sequence.</param>
    public IReadOnlyList<TokenPiece> Pieces(IReadOnlyList<int> ids)
    {
        return PieceRenderer.Render(ids, _tokens);
    }

    /// <summary>The text of a conversation in the form that the model was trained on, to be encoded without special tokens.</summary>
    /// <param name="messages">The turns, oldest first.</param>
    /// <param name="addGenerationPrompt">Whether the text ends where the assistant's next turn begins.</param>
    /// <exception cref="WorkbenchException">The model has no chat template, the template uses something unsupported (named with its line), or it refuses the conversation.</exception>
    public string ApplyChatTemplate(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt)
    {
        ChatTemplate template = _chat.Value
            ?? throw new WorkbenchException("The model has no chat template; write the prompt out without it, or use an instruction-tuned model.");
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        if (BosId is { } bos)
        {
            variables["bos_token"] = _tokens.Written(bos);
        }

        if (EosId is { } eos)
        {
            variables["eos_token"] = _tokens.Written(eos);
        }

        return template.Render(messages, addGenerationPrompt, variables);
    }
}
