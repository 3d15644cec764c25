using Shouldly;
using Workbench.Activations;
using Workbench.Numerics;
using Workbench.SaeTrain.Evaluation;
using Workbench.SaeTrain.Indexing;
using Workbench.SaeTrain.Tests.Indexing;
using Workbench.Workspaces;
using Xunit;

namespace Workbench.SaeTrain.Tests.Evaluation;

public sealed class CoreRunTests : IDisposable
{
    private readonly TinyWorkspace _tiny = new();

    [Fact]
    public void Evaluation_counts_as_many_held_out_tokens_as_asked_and_writes_its_result()
    {
        CoreResult result = Run(tokens: 60);

        result.Tokens.ShouldBe(60);
        result.Headline.ActiveLatents.ShouldBeLessThanOrEqualTo(4);
        result.Headline.Fvu.ShouldBeGreaterThan(0);
        result.Headline.CeRecovered.ShouldBe(
            (result.Headline.CeZeroAblation - result.Headline.CeSae) / (result.Headline.CeZeroAblation - result.Headline.CeClean), 1e-12);
        result.Sets["correct"].Values.Keys.ShouldNotContain("ce_with_error_term");
        result.Sets["correct"].Values.Keys.ShouldNotContain("smallest_selection_margin");
        CoreResult stored = WorkbenchJson.Read<CoreResult>(Path.Combine(_tiny.Workspace.DictionaryFolder(TinyWorkspace.DictionaryId).Path, "evaluations", "core.json"));
        stored.Headline.ShouldBe(result.Headline);
        stored.Config.ShouldBe(result.Config);
        Run(tokens: 60).AlreadyComplete.ShouldBeTrue();
        Run(tokens: 50).AlreadyComplete.ShouldBeFalse();
    }

    [Fact]
    public void Adding_the_error_back_gives_the_clean_model()
    {
        CoreResult result = Run(tokens: 80, all: true);

        Convert.ToDouble(result.Sets["correct"].Values["ce_with_error_term"], null).ShouldBe(result.Headline.CeClean, 1e-5);
        result.Sets["saebench_all_positions"].Values.Count.ShouldBe(7);
        result.Sets["correct"].Values.Keys.ShouldContain("smallest_selection_margin");
        ((IReadOnlyList<double>)result.Sets["latents"].Values["feature_density"]).Count.ShouldBe(TinyWorkspace.Latents);
    }

    [Fact]
    public void Dead_latents_are_the_same_from_the_index_and_from_the_activations()
    {
        CoreResult encoded = Run(tokens: 60);
        IndexResult index = new IndexRun(
            new IndexRequest { Workspace = _tiny.Workspace.Root, Dictionary = TinyWorkspace.DictionaryId, Precision = MatrixPrecision.Float32 },
            null,
            TimeProvider.System).Execute(CancellationToken.None);

        CoreResult counted = Run(tokens: 61);

        encoded.DeadFrom.ShouldContain("encoded");
        counted.DeadFrom.ShouldContain("index");
        counted.Headline.DeadLatents.ShouldBe(encoded.Headline.DeadLatents);
        counted.Headline.DeadLatents.ShouldBe(index.Dead);
        counted.Headline.DeadLatents.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_corpus_that_has_changed_is_refused()
    {
        string manifest = Path.Combine(_tiny.HarvestPath, HarvestInfo.FileName);
        HarvestInfo info = WorkbenchJson.Read<HarvestInfo>(manifest);
        AtomicFile.WriteJson(manifest, info with { CorpusHash = new string('0', 64) });

        Should.Throw<WorkbenchException>(() => Run(tokens: 60)).Message.ShouldContain("corpus");
    }

    public void Dispose()
    {
        _tiny.Dispose();
    }

    private CoreResult Run(long tokens, bool all = false)
    {
        return new CoreRun(
            new CoreRequest { Workspace = _tiny.Workspace.Root, Dictionary = TinyWorkspace.DictionaryId, Tokens = tokens, AllPasses = all, Precision = MatrixPrecision.Float32 },
            null,
            TimeProvider.System).Execute(CancellationToken.None);
    }
}
