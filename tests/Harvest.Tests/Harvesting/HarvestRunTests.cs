using Workbench.Activations;
using Workbench.Harvest.Harvesting;
using Workbench.Models;
using Workbench.Testing;
using Workbench.Workspaces;

namespace Workbench.Harvest.Tests.Harvesting;

public sealed class HarvestRunTests : IDisposable
{
    private readonly HarvestSample _sample = new();

    public void Dispose()
    {
        _sample.Dispose();
    }

    [Fact]
    public void Every_row_is_what_the_model_says_of_its_sequence_alone()
    {
        HarvestRequest request = _sample.Request() with { DType = StorageType.Float32 };
        HarvestResult result = Run("w", request);
        (result.State, result.Rows, result.Computed).ShouldBe(("complete", 1000, 1000));
        using Activations.Harvest harvest = Activations.Harvest.Open(result.Folder);
        using HarvestInputs inputs = HarvestInputs.Open(request, new Workspace(_sample.At("w")), "cpu", "float32");
        foreach (string hook in request.Hooks)
        {
            ActivationStore store = harvest.Store(HookPoint.Parse(hook));
            store.Rows.ShouldBe(1000);
            for (long sequence = 0; sequence < harvest.Sequences.Count; sequence++)
            {
                SequenceCheck.Of(harvest, store, inputs.Model, hook, sequence);
            }
        }
    }

    [Fact]
    public void Documents_hold_their_sequences_names_and_labels()
    {
        using Activations.Harvest harvest = Activations.Harvest.Open(Run("w", _sample.Request()).Folder);
        long sequence = 0;
        foreach (long id in harvest.Documents.Ids)
        {
            DocumentEntry document = harvest.Documents.Find(id)!;
            document.FirstSequence.ShouldBe(sequence);
            document.Labels["kind"].ShouldBeOneOf("method", "type");
            document.Split.ShouldBe("train");
            for (int i = 0; i < document.Sequences; i++, sequence++)
            {
                harvest.Sequences.Parts(sequence).ShouldBe([new SequencePart(id, 0)]);
            }
        }

        sequence.ShouldBe(harvest.Sequences.Count);
        harvest.Statistics("blocks.0.hook_resid_post").Rows.ShouldBe(1000);
    }

    [Fact]
    public void The_same_line_on_a_complete_harvest_does_nothing()
    {
        HarvestResult first = Run("w", _sample.Request());
        DateTime written = File.GetLastWriteTimeUtc(Path.Combine(first.Folder, "run.json"));
        HarvestResult again = Run("w", _sample.Request(), open: (_, _) => throw new InvalidOperationException("the model was loaded"));
        again.AlreadyComplete.ShouldBeTrue();
        again.Rows.ShouldBe(1000);
        File.GetLastWriteTimeUtc(Path.Combine(first.Folder, "run.json")).ShouldBe(written);
    }

    [Fact]
    public void Another_request_under_the_same_id_is_refused_by_the_field()
    {
        Run("w", _sample.Request());
        Should.Throw<WorkbenchException>(() => Run("w", _sample.Request() with { Context = 25 })).Message.ShouldContain("context 24, not 25");
    }

    [Fact]
    public void Another_corpus_or_model_under_the_same_id_is_refused()
    {
        Interrupt("w", _sample.Request(), afterRows: 200);
        using var other = new HarvestSample(new TinyModel { Seed = 2 }, seed: 9);
        Should.Throw<WorkbenchException>(() => Run("w", _sample.Request() with { Corpus = other.Corpus })).Message.ShouldContain("another corpus");
        Should.Throw<WorkbenchException>(() => Run("w", _sample.Request() with { Model = other.Model })).Message.ShouldContain("another model");
    }

    [Fact]
    public void A_model_that_moved_is_the_same_model()
    {
        Interrupt("w", _sample.Request(), afterRows: 200);
        string moved = new TinyModel().Write(_sample.At("elsewhere", "tiny"));
        Run("w", _sample.Request() with { Model = moved }).Rows.ShouldBe(1000);
    }

    [Fact]
    public void A_hook_that_the_model_lacks_leaves_nothing_behind()
    {
        string sentence = Should.Throw<WorkbenchException>(() => Run("w", _sample.Request() with { Hooks = ["blocks.2.hook_resid_post"] })).Message;
        sentence.ShouldContain("blocks.2.hook_resid_post");
        Directory.GetFileSystemEntries(_sample.At("w", "harvests")).ShouldBeEmpty();
    }

    [Fact]
    public void A_context_beyond_the_models_is_refused()
    {
        Should.Throw<WorkbenchException>(() => Run("w", _sample.Request() with { Context = 65 })).Message.ShouldContain("--context 65");
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n  \n\n")]
    public void A_corpus_with_no_text_is_refused(string text)
    {
        string corpus = _sample.At("empty.txt");
        File.WriteAllText(corpus, text);
        Should.Throw<WorkbenchException>(() => Run("w", _sample.Request() with { Corpus = corpus })).Message.ShouldContain("no text");
        Directory.GetFileSystemEntries(_sample.At("w", "harvests")).ShouldBeEmpty();
    }

    [Fact]
    public void A_corpus_that_ends_before_gives_what_it_has_and_says_so()
    {
        HarvestResult result = Run("w", _sample.Request(tokens: 1_000_000));
        result.State.ShouldBe("complete");
        result.Rows.ShouldBeLessThan(1_000_000);
        result.Message.ShouldNotBeNull().ShouldContain("1000000");
    }

    [Theory]
    [InlineData(1.0, 0)]
    [InlineData(100.0, 1)]
    public void The_first_position_is_excluded_where_its_norm_dwarfs_the_others(double bosScale, int excluded)
    {
        using var sample = new HarvestSample(new TinyModel { BosScale = bosScale });
        HarvestRequest request = sample.Request() with { Hooks = ["blocks.0.hook_resid_pre"] };
        HarvestResult result = Run("w", request, sample: sample);
        result.ExcludedLeading.ShouldBe(excluded);
        using Activations.Harvest harvest = Activations.Harvest.Open(result.Folder);
        harvest.Info.ExcludedLeading.ShouldBe(excluded);
        harvest.Store("blocks.0.hook_resid_pre").Position(0).ShouldBe(excluded);
        harvest.Sequences.Kept(0)[0].ShouldBe(excluded);
        harvest.Sequences.Tokens(0)[0].ShouldBe(0);
    }

    [Theory]
    [InlineData(BosPolicy.Auto, true, "always")]
    [InlineData(BosPolicy.Auto, false, "never")]
    [InlineData(BosPolicy.Never, true, "never")]
    [InlineData(BosPolicy.Always, true, "always")]
    public void The_bos_policy_is_resolved_and_recorded(object policy, bool addsBos, string expected)
    {
        using var sample = new HarvestSample(new TinyModel { AddsBos = addsBos });
        HarvestResult result = Run("w", sample.Request() with { Bos = (BosPolicy)policy }, sample: sample);
        result.Bos.ShouldBe(expected);
        using Activations.Harvest harvest = Activations.Harvest.Open(result.Folder);
        (harvest.Sequences.Tokens(0)[0] == 0).ShouldBe(expected == "always");
    }

    private void Interrupt(string workspace, HarvestRequest request, long afterRows)
    {
        using var stop = new CancellationTokenSource();
        Should.Throw<OperationCanceledException>(() => HarvestSampleRun.Execute(
            _sample, workspace, request, new StopAfter(stop, afterRows), stop.Token));
    }

    private HarvestResult Run(
        string workspace, HarvestRequest request, HarvestSample? sample = null, Func<string, string, HarvestInputs>? open = null)
    {
        return HarvestSampleRun.Execute(sample ?? _sample, workspace, request, open: open);
    }
}
