using System.Text.Json;
using Workbench.Text.Tokenizers.Decoding;
using Workbench.Text.Tokenizers.Models;
using Workbench.Text.Tokenizers.Normalization;
using Workbench.Text.Tokenizers.PostProcessing;
using Workbench.Text.Tokenizers.PreTokenization;
using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers;

/// <summary>Reads a tokenizer.json.</summary>
internal static class TokenizerJsonReader
{
    public static TextTokenizer Read(string path)
    {
        byte[] bytes = JsonFile.ReadBytes(path);
        using JsonDocument document = JsonFile.Parse(path, bytes);
        var root = new JsonField(path, "", document.RootElement);

        // Truncation and padding are the caller's business: these programs cut and pad by themselves.
        root.Only("version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder", "model");
        IPreTokenizer? preTokenizer = Optional<IPreTokenizer>(root["pre_tokenizer"]);
        TokenModelParts model = TokenModelReaders.Read(root["model"], preTokenizer?.EndsInBytes == true);
        AddedToken[] added = [.. ReadAddedTokens(root["added_tokens"])];
        RequireDense(root, model.Vocabulary, added);

        var tokens = new TokenTable(model.Vocabulary, added, Optional<IDecoder>(root["decoder"]) ?? new SpacedDecoder());
        TokenFrame frame = Optional<IPostProcessor>(root["post_processor"])?.Apply(TokenFrame.None) ?? TokenFrame.None;
        if (frame.Prefix.Concat(frame.Suffix).Any(id => id >= tokens.Size))
        {
            throw root["post_processor"].Wrong($"steps that add ids below {tokens.Size}, the number of tokens");
        }

        var pipeline = new EncodingPipeline(
            tokens, Optional<INormalizer>(root["normalizer"]), WithBoundaries(preTokenizer, model.Boundaries), model.Model, frame);
        return new TextTokenizer(pipeline, tokens, TokenizerCompanions.Read(path, ContentHash.OfBytes(bytes), tokens, frame));
    }

    private static TStep? Optional<TStep>(JsonField field)
        where TStep : class
    {
        return field.IsNull ? null : StepReaders<TStep>.Read(field);
    }

    private static IPreTokenizer? WithBoundaries(IPreTokenizer? steps, IPreTokenizer? boundaries)
    {
        return steps is null || boundaries is null ? steps ?? boundaries : new PreTokenizerSequence([steps, boundaries]);
    }

    /// <summary>Ids index tables, so a file with three tokens and the id two billion is taken for damaged.</summary>
    private static void RequireDense(JsonField root, Dictionary<string, int> vocabulary, AddedToken[] added)
    {
        const int Holes = 1 << 16;
        long most = (4L * (vocabulary.Count + added.Length)) + Holes;
        foreach ((string token, int id) in vocabulary)
        {
            if (id >= most)
            {
                throw root["model"]["vocab"][token].Wrong($"an id below {most}, as the number of tokens lets expect");
            }
        }

        for (int index = 0; index < added.Length; index++)
        {
            if (added[index].Id >= most)
            {
                throw root["added_tokens"].At(index)["id"].Wrong($"an id below {most}, as the number of tokens lets expect");
            }
        }
    }

    private static IEnumerable<AddedToken> ReadAddedTokens(JsonField field)
    {
        return field.IsNull
            ? []
            : field.Items().Select(token =>
            {
                bool special = token["special"].Flag(whenAbsent: false);
                return new AddedToken(
                    token["id"].Id(),
                    token["content"].Text(),
                    token["single_word"].Flag(whenAbsent: false),
                    token["lstrip"].Flag(whenAbsent: false),
                    token["rstrip"].Flag(whenAbsent: false),
                    token["normalized"].Flag(whenAbsent: !special),
                    special);
            });
    }
}
