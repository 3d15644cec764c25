using System.Text.Json;
using TorchSharp;
using Workbench.Commands;
using Workbench.Dictionaries;
using Workbench.Models;
using Workbench.Numerics;
using Workbench.SaeTrain.Commands;
using Workbench.SaeTrain.Evaluation;
using Workbench.SaeTrain.Indexing;
using Workbench.SaeTrain.Tests.Indexing;
using Workbench.Testing;
using Workbench.Workspaces;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Tests.Exchange;

public sealed class ExchangeTests : IDisposable
{
    private readonly TinyWorkspace _tiny = new();
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_dictionary_that_went_through_another_layout_evaluates_and_indexes_as_before()
    {
        // The folder has the name that the peer gives to a module, whose output is the hook point that the dictionary reads.
        string exported = _folder.At("layers.0");
        Json("export", "--dictionary", "d1", "--format", "sparsify", "--out", exported)
            .GetProperty("files").EnumerateArray().Select(file => file.GetString()).ShouldBe(["cfg.json", "sae.safetensors"]);

        JsonElement imported = Json("import", "--from", exported, "--id", "d2");

        imported.GetProperty("format").GetString().ShouldBe("sparsify");
        imported.GetProperty("stored_as").GetString().ShouldBe("saelens");
        imported.GetProperty("hook").GetString().ShouldBe("layers.0");
        imported.GetProperty("hook_point").GetString().ShouldBe(TinyWorkspace.Hook);
        imported.GetProperty("notes").GetArrayLength().ShouldBe(0);
        RunManifest manifest = WorkbenchJson.Read<RunManifest>(Path.Combine(Place("d2"), "run.json"));
        (manifest.Verb, manifest.State).ShouldBe(("import", RunState.Complete));
        manifest.Inputs["source"].Length.ShouldBe(64);
        (Evaluate("d2").Headline with { DeadLatents = 0 }).ShouldBe(Evaluate("d1").Headline with { DeadLatents = 0 });
        Index("d2").Alive.ShouldBe(Index("d1").Alive);
    }

    [Theory]
    [InlineData("gemma_scope", false)]
    [InlineData("openai", false)]
    [InlineData("llama_scope", true)]
    [InlineData("openmoss", true)]
    [InlineData("openmoss_pt", true)]
    [InlineData("dictionary_learning", true)]
    [InlineData("saelens", true)]
    [InlineData("workbench", true)]
    public void A_top_k_dictionary_is_written_in_every_layout_that_has_it_and_refused_by_the_others(string format, bool holds)
    {
        string exported = _folder.At("out");

        (int code, _, string error) = Run("export", "--dictionary", "d1", "--format", format, "--out", exported);

        code.ShouldBe(holds ? ExitCodes.Success : ExitCodes.Failure, error);
        if (!holds)
        {
            error.ShouldContain(format);
            Directory.Exists(exported).ShouldBeFalse();
            return;
        }

        using SparseAutoencoder before = _tiny.Dictionary();
        using SparseAutoencoder after = DictionaryLoader.LoadSparse(exported);
        using Tensor x = randn(20, before.Config.Width);
        TensorAssert.CloseToScale(before.Encode(x), after.Encode(x), 1e-6, "z");
        TensorAssert.CloseToScale(before.Reconstruct(x), after.Reconstruct(x), 1e-6, "x_hat");
    }

    [Fact]
    public void A_hook_that_says_too_little_is_asked_for_and_given_on_the_command_line()
    {
        string exported = _folder.At("somewhere");
        Json("export", "--dictionary", "d1", "--format", "sparsify", "--out", exported);
        JsonElement unnamed = Json("import", "--from", exported, "--id", "d2");

        JsonElement named = Json("import", "--from", exported, "--id", "d3", "--hook", TinyWorkspace.Hook);

        unnamed.GetProperty("hook_point").ValueKind.ShouldBe(JsonValueKind.Null);
        unnamed.GetProperty("notes")[0].GetString()!.ShouldContain("--hook");
        Should.Throw<WorkbenchException>(() => Evaluate("d2")).Message.ShouldContain("--hook");
        named.GetProperty("hook").GetString().ShouldBe(TinyWorkspace.Hook);
        Evaluate("d3").Headline.ActiveLatents.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void The_same_import_again_does_nothing_and_another_one_is_refused()
    {
        string exported = _folder.At("layers.0");
        Json("export", "--dictionary", "d1", "--format", "sparsify", "--out", exported);
        Json("import", "--from", exported, "--id", "d2");

        JsonElement again = Json("import", "--from", exported, "--id", "d2");
        (int other, _, string why) = Run("import", "--from", exported, "--id", "d2", "--hook", "blocks.0.hook_mlp_out");
        (int trained, _, string taken) = Run("import", "--from", exported, "--id", "d1");

        again.GetProperty("already_complete").GetBoolean().ShouldBeTrue();
        other.ShouldBe(ExitCodes.Failure);
        why.ShouldContain("d2");
        trained.ShouldBe(ExitCodes.Failure);
        taken.ShouldContain("d1");
    }

    [Fact]
    public void What_SAELens_has_no_form_for_is_kept_in_the_workbenchs_own_layout_and_works_alike()
    {
        string source = _folder.At("layers.0");
        using (SparseAutoencoder original = _tiny.Dictionary())
        using (SparseAutoencoder grouped = original.With(original.Config with { Architecture = SparseArchitecture.GroupMax }))
        {
            DictionaryLoader.Format("sparsify").Save(grouped, source);
        }

        JsonElement imported = Json("import", "--from", source, "--id", "d2");

        imported.GetProperty("stored_as").GetString().ShouldBe("workbench");
        imported.GetProperty("architecture").GetString().ShouldBe("group_max");
        Evaluate("d2").Headline.ActiveLatents.ShouldBeGreaterThan(0);
        Index("d2").Alive.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_transcoder_is_evaluated_where_it_writes()
    {
        string source = _folder.At("transcoder");
        using (SparseAutoencoder original = _tiny.Dictionary())
        using (SparseAutoencoder transcoder = original.With(original.Config with
        {
            SubtractDecoderBias = false,
            Hook = "blocks.0.ln2.hook_normalized",
            OutputWidth = original.Config.Width,
            OutputHook = "blocks.0.hook_mlp_out",
        }))
        {
            DictionaryLoader.Format("workbench").Save(transcoder, source);
        }

        Json("import", "--from", source, "--id", "d2").GetProperty("output_hook").GetString().ShouldBe("blocks.0.hook_mlp_out");

        CoreResult result = Evaluate("d2", all: true);

        result.Config.OutputHook.ShouldBe("blocks.0.hook_mlp_out");
        Convert.ToDouble(result.Sets["correct"].Values["ce_with_error_term"], null).ShouldBe(result.Headline.CeClean, 1e-5);
        result.Headline.CeSae.ShouldNotBe(result.Headline.CeClean);
    }

    [Fact]
    public void A_folder_that_holds_files_is_not_written_to()
    {
        string taken = _folder.At("taken");
        Directory.CreateDirectory(taken);
        File.WriteAllText(Path.Combine(taken, "notes.txt"), "mine");

        (int code, _, string error) = Run("export", "--dictionary", "d1", "--format", "sparsify", "--out", taken);

        code.ShouldBe(ExitCodes.Failure);
        error.ShouldContain("--out");
        Directory.GetFiles(taken).Length.ShouldBe(1);
    }

    [Theory]
    [InlineData("export", "--format", "onnx", "sparsify")]
    [InlineData("import", "--format", "onnx", "saelens")]
    public void A_layout_that_is_not_known_is_refused_with_those_that_are(string verb, string option, string value, string named)
    {
        string[] line = verb == "export" ? ["--dictionary", "d1", "--out", _folder.At("x")] : ["--from", Place("d1"), "--id", "d9"];

        (int code, _, string error) = Run([verb, .. line, option, value]);

        code.ShouldBe(ExitCodes.Usage);
        error.ShouldContain(named);
    }

    [Fact]
    public void A_source_that_is_damaged_leaves_no_dictionary()
    {
        string source = _folder.At("layers.0");
        Json("export", "--dictionary", "d1", "--format", "sparsify", "--out", source);
        string weights = Path.Combine(source, "sae.safetensors");
        byte[] whole = File.ReadAllBytes(weights);
        File.WriteAllBytes(weights, whole[..^64]);

        (int code, _, string error) = Run("import", "--from", source, "--id", "d2");

        code.ShouldBe(ExitCodes.Failure);
        error.ShouldContain("sae.safetensors");
        Directory.Exists(Place("d2")).ShouldBeFalse();
    }

    public void Dispose()
    {
        _tiny.Dispose();
        _folder.Dispose();
    }

    private string Place(string id)
    {
        return _tiny.Workspace.DictionaryFolder(id).Path;
    }

    private CoreResult Evaluate(string id, bool all = false)
    {
        return new CoreRun(
            new CoreRequest { Workspace = _tiny.Workspace.Root, Dictionary = id, Harvest = TinyWorkspace.HarvestId, Tokens = 60, AllPasses = all, Precision = MatrixPrecision.Float32 },
            null,
            TimeProvider.System).Execute(CancellationToken.None);
    }

    private IndexResult Index(string id)
    {
        return new IndexRun(
            new IndexRequest { Workspace = _tiny.Workspace.Root, Dictionary = id, Harvest = TinyWorkspace.HarvestId, Precision = MatrixPrecision.Float32 },
            null,
            TimeProvider.System).Execute(CancellationToken.None);
    }

    private JsonElement Json(params string[] line)
    {
        (int code, string output, string error) = Run([.. line, "--json"]);
        code.ShouldBe(ExitCodes.Success, error);
        return JsonDocument.Parse(output).RootElement.Clone();
    }

    private (int Code, string Output, string Error) Run(params string[] line)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = CommandHost.Run(
            CommandHost.Program("saetrain", [new ExportCommand(), new ImportCommand()]),
            [line[0], "--workspace", _tiny.Workspace.Root, .. line[1..]],
            output,
            error);
        return (code, output.ToString(), error.ToString());
    }
}
