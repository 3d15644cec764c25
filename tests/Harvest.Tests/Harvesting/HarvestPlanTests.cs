using Workbench.Harvest.Harvesting;
using Workbench.Text.Corpora;
using Workbench.Text.Tokenizers;
using Workbench.Text.Windows;

namespace Workbench.Harvest.Tests.Harvesting;

public sealed class HarvestPlanTests : IDisposable
{
    private readonly HarvestSample _sample = new(documents: 60);
    private readonly ICorpus _corpus;
    private readonly TextTokenizer _tokenizer;

    public HarvestPlanTests()
    {
        _corpus = CorpusRegistry.Open(_sample.Corpus);
        _tokenizer = TokenizerLoader.FromJson(Path.Combine(_sample.Model, "tokenizer.json"));
    }

    public void Dispose()
    {
        _sample.Dispose();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    public void Windows_are_successive_parts_of_one_document_that_begin_as_asked(int? bos)
    {
        TextWindows windows = Windows(WindowModes.PerDocument, bos);
        windows.All().ShouldAllBe(window => window.Parts.Count == 1 && window.Parts[0].Start == 0);
        foreach (IGrouping<long, TextWindow> document in windows.All().GroupBy(window => window.Parts[0].Document.Id))
        {
            document.ShouldAllBe(window => window.Tokens.Length <= 10 && (bos == null || window.Tokens[0] == bos));
            document.SkipLast(1).ShouldAllBe(window => window.Tokens.Length == 10);
            int[] whole = [.. document.SelectMany(window => bos is null ? window.Tokens : window.Tokens[1..])];
            _tokenizer.Decode(whole).ShouldBe(document.First().Parts[0].Document.Text);
        }

        windows.All().Select(window => window.Parts[0].Document.Id).Distinct()
            .ShouldBe(_corpus.Documents(CorpusSplit.Train).Select(document => document.Id));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(0, null)]
    [InlineData(null, 0)]
    [InlineData(0, 0)]
    public void Packed_windows_are_full_and_joined_give_the_documents_with_a_separator_behind_each(int? bos, int? separator)
    {
        TextWindow[] windows = [.. Windows("packed", bos, separator).All()];
        windows.SkipLast(1).ShouldAllBe(window => window.Tokens.Length == 10);
        windows.ShouldAllBe(window => bos == null || window.Tokens[0] == bos);
        int[] joined = [.. windows.SelectMany(window => bos is null ? window.Tokens : window.Tokens[1..])];
        int[] end = separator is { } token ? [token] : [];
        joined.ShouldBe(_corpus.Documents(CorpusSplit.Train).SelectMany(document => (int[])[.. _tokenizer.Encode(document.Text), .. end]));
    }

    [Fact]
    public void A_packed_window_tells_which_positions_each_document_has()
    {
        var texts = new Dictionary<long, List<int>>();
        foreach (TextWindow window in Windows("packed", bos: null, separator: 0).All())
        {
            window.Parts[0].Start.ShouldBe(0);
            foreach ((int number, WindowPart part) in window.Parts.Index())
            {
                int end = number + 1 < window.Parts.Count ? window.Parts[number + 1].Start : window.Tokens.Length;
                end.ShouldBeGreaterThan(part.Start);
                texts.TryAdd(part.Document.Id, []);
                texts[part.Document.Id].AddRange(window.Tokens[part.Start..end]);
            }
        }

        foreach (Document document in _corpus.Documents(CorpusSplit.Train))
        {
            texts[document.Id].ShouldBe([.. _tokenizer.Encode(document.Text), 0]);
        }
    }

    [Fact]
    public void Padded_windows_are_the_beginnings_of_all_documents()
    {
        TextWindow[] windows = [.. Windows("padded", bos: 0).All()];
        windows.Zip(_corpus.Documents(CorpusSplit.Train)).ShouldAllBe(pair =>
            pair.First.Parts.Single().Document.Id == pair.Second.Id
            && pair.First.Tokens.SequenceEqual(_tokenizer.Encode(pair.Second.Text).Take(9).Prepend(0)));
        windows.Length.ShouldBe(_corpus.Documents(CorpusSplit.Train).Count());
    }

    [Fact]
    public void An_unknown_mode_and_a_context_without_room_are_refused()
    {
        Should.Throw<WorkbenchException>(() => Windows("chunked", 0)).Message.ShouldContain("packed, padded, per-document");
        Should.Throw<WorkbenchException>(() => new TextWindows(_corpus, CorpusSplit.Train, _tokenizer, new WindowSettings("packed", 1, 0)))
            .Message.ShouldContain("no room");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(101)]
    [InlineData(500)]
    public void A_plan_keeps_exactly_the_rows_asked_for(int rows)
    {
        HarvestSequence[] sequences = [.. Plan(rows, keptFrom: 2).Sequences()];
        sequences.Sum(sequence => sequence.Rows).ShouldBe(rows);
        sequences.Select(sequence => sequence.Index).ShouldBe(Enumerable.Range(0, sequences.Length).Select(i => (long)i));
        sequences.ShouldAllBe(sequence => sequence.Kept.SequenceEqual(Enumerable.Range(2, sequence.Tokens.Length - 2)));
        sequences.Zip(sequences.Skip(1)).ShouldAllBe(pair => pair.First.EndRow == pair.Second.FirstRow);
    }

    [Fact]
    public void A_plan_ends_with_the_corpus()
    {
        long all = Plan(long.MaxValue, keptFrom: 1).Sequences().Last().EndRow;
        long expected = Windows(WindowModes.PerDocument, 0).All().Sum(window => Math.Max(0, window.Tokens.Length - 1L));
        all.ShouldBe(expected);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(25)]
    [InlineData(10_000)]
    public void Forward_groups_hold_each_sequence_once_and_stay_within_bounds(int forwardTokens)
    {
        HarvestSequence[] batch = [.. Plan(300, keptFrom: 1).Sequences().Skip(3)];
        ForwardGroup[] groups = [.. ForwardGroup.Of(batch, forwardTokens)];
        groups.SelectMany(group => group.Sequences).OrderBy(sequence => sequence.Index).ShouldBe(batch);
        groups.ShouldAllBe(group => group.Sequences.Count == 1 || group.Sequences.Count * group.Length <= forwardTokens);
        foreach (ForwardGroup group in groups)
        {
            long[] tokens = group.PaddedTokens();
            tokens.Length.ShouldBe(group.Sequences.Count * group.Length);
            for (int i = 0; i < group.Sequences.Count; i++)
            {
                int[] expected = group.Sequences[i].Tokens;
                tokens[(i * group.Length)..((i * group.Length) + expected.Length)].ShouldBe(expected.Select(id => (long)id));
                group.Offsets[i].ShouldBe((int)(group.Sequences[i].FirstRow - batch[0].FirstRow));
            }
        }
    }

    [Theory]
    [InlineData(1, 7)]
    [InlineData(3, 7)]
    [InlineData(5, 3)]
    public void Partitions_cover_all_shards_once(int count, int shards)
    {
        int[] covered =
        [
            .. Enumerable.Range(1, count).SelectMany(number =>
            {
                (int first, int end) = new HarvestPartition(number, count).Shards((shards * 10) - 3, 10);
                return Enumerable.Range(first, end - first);
            }),
        ];
        covered.ShouldBe(Enumerable.Range(0, shards));
    }

    [Theory]
    [InlineData("0/4")]
    [InlineData("5/4")]
    [InlineData("1")]
    [InlineData("a/b")]
    [InlineData("-1/4")]
    public void A_partition_that_makes_no_sense_is_wrong_usage(string text)
    {
        Should.Throw<UsageException>(() => HarvestPartition.Parse(text)).Message.ShouldContain(text);
    }

    private HarvestPlan Plan(long rows, int keptFrom)
    {
        return new HarvestPlan(Windows(WindowModes.PerDocument, 0), new PositionFilter(keptFrom, new HashSet<int>()), rows);
    }

    private TextWindows Windows(string mode, int? bos, int? separator = null)
    {
        return new TextWindows(_corpus, CorpusSplit.Train, _tokenizer, new WindowSettings(mode, Context: 10, bos, separator));
    }
}
