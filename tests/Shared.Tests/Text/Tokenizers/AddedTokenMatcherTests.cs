using Workbench.Text.Tokenizers;

namespace Workbench.Shared.Tests.Text.Tokenizers;

public class AddedTokenMatcherTests
{
    [Fact]
    public void The_leftmost_token_wins_and_the_longest_at_one_place()
    {
        Split("xabcab", Token("ab"), Token("abc"), Token("bca")).ShouldBe(["x", "[abc]", "[ab]"]);
    }

    [Fact]
    public void A_stripping_token_takes_the_white_space_beside_it()
    {
        Split("a  <m>  b", Token("<m>", left: true)).ShouldBe(["a", "[  <m>]", "  b"]);
        Split("a  <m>\n b", Token("<m>", right: true)).ShouldBe(["a  ", "[<m>\n ]", "b"]);
    }

    [Fact]
    public void A_single_word_token_is_not_found_within_a_word()
    {
        Split("in win in_ -in", Token("in", word: true)).ShouldBe(["[in]", " win in_ -", "[in]"]);
    }

    [Fact]
    public void An_empty_text_has_no_segments()
    {
        Split("", Token("a")).ShouldBeEmpty();
    }

    private static AddedToken Token(string content, bool word = false, bool left = false, bool right = false)
    {
        return new AddedToken(0, content, word, left, right, Normalized: false, Special: false);
    }

    private static IEnumerable<string> Split(string text, params AddedToken[] tokens)
    {
        var segments = new List<TextSegment>();
        new AddedTokenMatcher(tokens.Select(token => (token.Content, token))).Split(text, segments);
        return segments.Select(segment => segment.Token is null ? text[segment.Start..segment.End] : $"[{text[segment.Start..segment.End]}]");
    }
}
