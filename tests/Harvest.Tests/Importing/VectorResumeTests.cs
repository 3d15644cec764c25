using TorchSharp;
using Workbench.Activations;
using Workbench.Harvest.Embedding;
using Workbench.Harvest.Importing;
using Workbench.Harvest.Tests.Commands;
using Workbench.Harvest.Tests.Harvesting;
using Workbench.Models.Weights;
using Workbench.Testing;
using Workbench.Workspaces;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Harvest.Tests.Importing;

/// <summary>Harvests of vectors from elsewhere and of pooled documents, stopped and gone on with.</summary>
public sealed class VectorResumeTests : IDisposable
{
    private const int Sequences = 4000;
    private const int Positions = 3;
    private const int Width = 32;
    private const int ShardRows = 100;

    private readonly HarvestSample _sample = new(new TinyModel { Layers = 2, Width = 32 }, documents: 1500);

    public VectorResumeTests()
    {
        using var generator = new Generator(4, CPU);
        for (int file = 0; file < 2; file++)
        {
            using Tensor values = randn(Sequences / 2, Positions, Width, generator: generator);
            using Tensor ids = arange(file * 7000, (file * 7000) + (Sequences / 2 * Positions), dtype: ScalarType.Int64);
            using FileStream stream = File.Create(_sample.At($"v{file}.safetensors"));
            SafetensorsWriter.Write(stream, [("vectors", values)], new Dictionary<string, string>());
        }

        using Tensor all = arange(Sequences * Positions, dtype: ScalarType.Int32);
        using FileStream tokens = File.Create(_sample.At("t.safetensors"));
        SafetensorsWriter.Write(tokens, [("ids", all)], new Dictionary<string, string>());
        File.WriteAllLines(_sample.At("t.jsonl"), Enumerable.Range(0, Sequences).Select(i => $$"""{"text":"text {{i}}","kind":"k{{i % 3}}"}"""));
    }

    public void Dispose()
    {
        _sample.Dispose();
    }

    [Theory]
    [InlineData("import")]
    [InlineData("embed")]
    public void A_harvest_killed_at_random_moments_ends_in_the_same_bytes(string verb)
    {
        const int Kills = 6;
        HarvestProcess.Run(Line(verb, "whole")).ExitCode.ShouldBe(0);
        string folder = _sample.At("cut", "harvests", "h1");
        var random = new Random(11);
        for (int kill = 0; kill < Kills; kill++)
        {
            using HarvestProcess process = HarvestProcess.Start(Line(verb, "cut"));
            int until = Shards(folder) + random.Next(1, 3);
            SpinWait.SpinUntil(() => Shards(folder) >= until || !process.IsRunning, TimeSpan.FromMinutes(2)).ShouldBeTrue();
            process.IsRunning.ShouldBeTrue();
            process.Kill();
            process.Wait().ExitCode.ShouldBe(128 + 9);
            File.Exists(Path.Combine(folder, "manifest.json")).ShouldBeFalse();
        }

        (int exitCode, _, string error) = HarvestProcess.Run(Line(verb, "cut"));

        exitCode.ShouldBe(0, error);
        HarvestSample.Fingerprint(folder).ShouldBe(HarvestSample.Fingerprint(_sample.At("whole", "harvests", "h1")));
        File.ReadAllText(Path.Combine(folder, "log.txt")).ShouldMatch("resumed with [1-9][0-9]* complete shards");
    }

    [Fact]
    public void A_full_disk_keeps_the_shards_that_are_complete_and_the_same_line_goes_on()
    {
        ImportRequest request = Request(_sample.At("v0.safetensors"), _sample.At("v1.safetensors"));
        var whole = new Workspace(_sample.At("whole"));
        new ImportRun(whole, "h1", request, null).Execute(default);
        var cut = new Workspace(_sample.At("cut"));
        for (long room = 200_000; room < 900_000; room += 200_000)
        {
            Should.Throw<WorkbenchException>(() => new ImportRun(cut, "h1", request, null, new FullDisk(room).Open).Execute(default))
                .Message.ShouldContain("the disk is full");
            cut.HarvestFolder("h1").Manifest!.State.ShouldBe(RunState.Failed);
        }

        int kept = Shards(cut.HarvestFolder("h1").Path);
        kept.ShouldBeGreaterThan(5);
        new ImportRun(cut, "h1", request, null).Execute(default).Rows.ShouldBe(Sequences * Positions);

        HarvestSample.Fingerprint(cut.HarvestFolder("h1").Path).ShouldBe(HarvestSample.Fingerprint(whole.HarvestFolder("h1").Path));
    }

    [Fact]
    public void Going_on_with_changed_files_is_refused_by_the_name_of_the_file()
    {
        string texts = _sample.At("t.jsonl");
        ImportRequest request = Request(_sample.At("v0.safetensors"), _sample.At("v1.safetensors"));
        var workspace = new Workspace(_sample.At("w"));
        Should.Throw<WorkbenchException>(() => new ImportRun(workspace, "h1", request, null, new FullDisk(300_000).Open).Execute(default));
        byte[] before = File.ReadAllBytes(texts);
        File.AppendAllText(texts, "\n");

        Should.Throw<WorkbenchException>(() => new ImportRun(workspace, "h1", request, null).Execute(default))
            .Message.ShouldMatch($"^Harvest h1 was begun with other texts {texts} \\(SHA-256 [0-9a-f]{{12}}, now [0-9a-f]{{12}}\\); restore them, or take another --id.$");
        Should.Throw<WorkbenchException>(() => new ImportRun(workspace, "h1", request with { From = [_sample.At("v1.safetensors")] }, null).Execute(default))
            .Message.ShouldContain("was made from something else");
        File.WriteAllBytes(texts, before);
        new ImportRun(workspace, "h1", request, null).Execute(default).Rows.ShouldBe(Sequences * Positions);
    }

    [Fact]
    public void A_resumed_embedding_uses_the_precision_and_threads_of_its_start()
    {
        var request = new EmbedRequest(_sample.Model, _sample.Corpus, "blocks.1.hook_resid_post", Pooling.Mean, 24, 0, StorageType.Float32, "cpu", "auto", ShardRows);
        var workspace = new Workspace(_sample.At("w"));
        Should.Throw<WorkbenchException>(() => new EmbedRun(workspace, "h1", request, null, new FullDisk(60_000).Open).Execute(default)).Message.ShouldContain("the disk is full");
        int threads = get_num_threads();
        try
        {
            set_num_threads(threads + 1);

            HarvestInfo info = new EmbedRun(workspace, "h1", request, null).Execute(default);

            get_num_threads().ShouldBe(threads);
            info.Precision.ShouldBe(new VectorRun(workspace, "h1", "embed", null).Stored<EmbedConfig>()!.Precision);
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    private static int Shards(string folder)
    {
        return Directory.Exists(folder) ? Directory.GetFiles(folder, "shard-*.arrow", SearchOption.AllDirectories).Length : 0;
    }

    private ImportRequest Request(params string[] from)
    {
        return new ImportRequest(from, null, "vectors", "cells", _sample.At("t.jsonl") + "?label=kind", _sample.At("t.safetensors"), StorageType.Auto, ShardRows);
    }

    private string[] Line(string verb, string workspace)
    {
        string[] own = verb == "import"
            ? ["--from", _sample.At("v0.safetensors"), _sample.At("v1.safetensors"), "--texts", _sample.At("t.jsonl") + "?label=kind", "--tokens", _sample.At("t.safetensors") + ":ids"]
            : ["--model", _sample.Model, "--corpus", _sample.Corpus, "--hook", "blocks.1.hook_resid_post", "--context", "24"];
        return [verb, "--workspace", _sample.At(workspace), "--id", "h1", "--shard-rows", $"{ShardRows}", .. own];
    }
}
