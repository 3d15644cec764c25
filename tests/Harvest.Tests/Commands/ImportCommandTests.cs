using Shouldly;
using TorchSharp;
using Workbench.Activations;
using Workbench.Harvest.Harvesting;
using Workbench.Harvest.Importing;
using Workbench.Models.Weights;
using Workbench.Testing;
using Workbench.Workspaces;
using Xunit;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Harvest.Tests.Commands;

public sealed class ImportCommandTests : IDisposable
{
    private const int Sequences = 40;
    private const int Positions = 5;
    private const int Width = 6;

    private readonly TemporaryFolder _folder = new();
    private readonly float[] _values;

    public ImportCommandTests()
    {
        using var generator = new Generator(2, CPU);
        using Tensor values = randn(Sequences, Positions, Width, generator: generator);
        using Tensor ids = arange(Sequences * Positions, dtype: ScalarType.Int64);
        _values = values.data<float>().ToArray();
        using FileStream file = File.Create(_folder.At("v.safetensors"));
        SafetensorsWriter.Write(file, [("ids", ids), ("vectors", values)], new Dictionary<string, string>());
        File.WriteAllLines(_folder.At("t.jsonl"), Enumerable.Range(0, Sequences).Select(i => $$"""{"text":"same text","name":"n{{i}}","kind":"k{{i % 3}}"}"""));
    }

    public void Dispose()
    {
        _folder.Dispose();
    }

    [Fact]
    public void An_imported_harvest_opens_like_any_other_with_its_texts_labels_and_tokens()
    {
        HarvestInfo info = Import();

        using Activations.Harvest harvest = Activations.Harvest.Open(_folder.At("W", "harvests", "i1"));
        (info.Rows, info.Sequences, info.Documents).ShouldBe((Sequences * Positions, Sequences, Sequences));
        ActivationStore store = harvest.Store("vectors");
        using Tensor rows = empty(store.Rows, Width);
        store.Read(0, rows);
        rows.data<float>().ToArray().ShouldBe(_values);
        harvest.Sequences.Tokens(3).ToArray().ShouldBe([15, 16, 17, 18, 19]);
        (store.TokenId(17), store.Sequence(17), store.Document(17), store.Position(17)).ShouldBe((17, 3, 3, 2));
        DocumentEntry document = harvest.Documents.Find(7)!;
        (document.Name, document.Text, document.Labels["kind"]).ShouldBe(("n7", "same text", "k1"));
        harvest.Statistics("vectors").Eigenvalues!.Count.ShouldBe(Width);
        HarvestInspection.Of(new Workspace(_folder.At("W")).HarvestFolder("i1"), null, null, default).VerifiedShards.ShouldBe(1);
    }

    [Fact]
    public void The_same_line_does_nothing_and_another_is_refused()
    {
        Import();
        DateTime written = File.GetLastWriteTimeUtc(_folder.At("W", "harvests", "i1", "manifest.json"));

        Import();

        File.GetLastWriteTimeUtc(_folder.At("W", "harvests", "i1", "manifest.json")).ShouldBe(written);
        Should.Throw<WorkbenchException>(() => Import(hook: "others")).Message.ShouldContain("take another --id");
        File.AppendAllText(_folder.At("t.jsonl"), "\n");
        Should.Throw<WorkbenchException>(() => Import()).Message.ShouldContain("take another --id");
    }

    [Theory]
    [InlineData(Sequences - 1, "fewer")]
    [InlineData(Sequences + 1, "more")]
    public void Texts_must_be_one_for_each_sequence(int records, string word)
    {
        File.WriteAllLines(_folder.At("t.jsonl"), Enumerable.Range(0, records).Select(i => $$"""{"text":"t{{i}}","kind":"k"}"""));

        Should.Throw<WorkbenchException>(() => Import()).Message.ShouldContain($"has {word} records than");
        File.Exists(_folder.At("W", "harvests", "i1", "manifest.json")).ShouldBeFalse();
        new Workspace(_folder.At("W")).HarvestFolder("i1").Manifest!.State.ShouldBe(RunState.Failed);
    }

    private HarvestInfo Import(string hook = "vectors")
    {
        string from = _folder.At("v.safetensors");
        var request = new ImportRequest([from], null, hook, "cells", _folder.At("t.jsonl") + "?label=kind", from + ":ids", StorageType.Float32);
        return new ImportRun(new Workspace(_folder.At("W")), "i1", request, null).Execute(default);
    }
}
