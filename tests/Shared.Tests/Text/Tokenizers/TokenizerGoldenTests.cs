using System.Text.Json;
using Workbench.Text.Tokenizers;

namespace Workbench.Shared.Tests.Text.Tokenizers;

[Trait("Category", "Golden")]
public class TokenizerGoldenTests
{
    private const int Shown = 5;

    public static IEnumerable<TheoryDataRow<string>> Folders => GoldenTokenizers.All();

    [Theory]
    [MemberData(nameof(Folders))]
    public void Every_text_has_the_ids_offsets_and_decoding_of_the_reference(string folder)
    {
        TextTokenizer sut = TokenizerLoader.FromJson(GoldenTokenizers.Tokenizer(folder));
        var mismatches = new List<string>();
        int cases = 0;
        foreach (GoldenEncoding expected in GoldenTokenizers.Cases(folder))
        {
            cases++;
            IReadOnlyList<TokenSpan> spans = sut.EncodeWithOffsets(expected.Text);
            Compare("ids", expected.Ids, sut.Encode(expected.Text));
            Compare("ids with spans", expected.Ids, [.. spans.Select(span => span.Id)]);
            Compare("offsets", expected.Offsets, [.. spans.SelectMany(span => (int[])[span.Start, span.End])]);
            Compare("ids_special", expected.SpecialIds, sut.Encode(expected.Text, addSpecialTokens: true));
            Compare("base", expected.Ids, sut.Base.EncodeToIds(expected.Text));
            string decoded = sut.Decode(expected.Ids);
            if (decoded != expected.Decoded)
            {
                mismatches.Add($"decoded of {Quote(expected.Text)}: {Quote(decoded)}, not {Quote(expected.Decoded)}");
            }

            void Compare(string what, int[] wanted, IReadOnlyList<int> got)
            {
                if (!wanted.SequenceEqual(got))
                {
                    mismatches.Add($"{what} of {Quote(expected.Text)}: [{string.Join(',', got)}], not [{string.Join(',', wanted)}]");
                }
            }
        }

        cases.ShouldBePositive();
        mismatches.Count.ShouldBe(0, $"of {cases} texts; the first: {string.Join('\n', mismatches.Take(Shown))}");
    }

    private static string Quote(string text)
    {
        return JsonSerializer.Serialize(text);
    }
}
