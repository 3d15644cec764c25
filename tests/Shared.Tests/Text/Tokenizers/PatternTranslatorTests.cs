using Workbench.Text.Tokenizers.PreTokenization;

namespace Workbench.Shared.Tests.Text.Tokenizers;

public class PatternTranslatorTests
{
    [Theory]
    [InlineData("(?i:'s|'re)", "'\u017F", true)]
    [InlineData("(?i:'s|'re)", "'Re", true)]
    [InlineData("'s", "'S", false)]
    [InlineData(@"\d", "\u0663", true)]
    [InlineData(@"\w", "\u0903", true)]
    [InlineData(@"\s", "\u2003", true)]
    [InlineData(@"\s", "\u180E", false)]
    [InlineData(@"\s", "\u001C", false)]
    [InlineData(@"[\p{L}\p{N}]{2,3}", "a1", true)]
    [InlineData(@"\p{^L}", "a", false)]
    [InlineData(@"\x{41}\u0042", "AB", true)]
    [InlineData("a?+a", "a", false)]
    [InlineData("(?:ab)*+ab", "abab", false)]
    [InlineData("(?:ab)*?ab", "abab", true)]
    public void A_pattern_matches_what_the_reference_engine_matches(string pattern, string text, bool matches)
    {
        PatternTranslator.Compile(pattern).IsMatch(text).ShouldBe(matches);
    }

    [Theory]
    [InlineData("^a", "anchor")]
    [InlineData(@"\bword", @"\b")]
    [InlineData(@"\h", @"\h")]
    [InlineData("(?m)a", "(?m)")]
    [InlineData("[a&&b]", "&&")]
    [InlineData("[[:alpha:]]", "'['")]
    [InlineData(@"\p{Script=Han}", "Script=Han")]
    [InlineData("(?i:[a-z])", "without regard to case")]
    [InlineData("[😀]", "U+FFFF")]
    [InlineData("[a", "does not end")]
    [InlineData("a)", "')'")]
    public void A_construct_that_the_engines_read_differently_is_refused_by_name(string pattern, string construct)
    {
        Should.Throw<NotSupportedException>(() => PatternTranslator.Compile(pattern)).Message.ShouldContain(construct);
    }
}
