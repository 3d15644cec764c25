using System.Text.Json;
using Workbench.Commands;
using Workbench.SaeTrain.Comparison;
using Workbench.SaeTrain.Tests.Training;
using Workbench.Testing;

namespace Workbench.SaeTrain.Tests.Comparison;

[Collection("Training")]
public sealed class CompareTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Saetrain _saetrain;

    public CompareTests()
    {
        _saetrain = new Saetrain(_folder.Path);
    }

    [Fact]
    public void A_workspace_is_set_side_by_side_from_its_files()
    {
        new SyntheticHarvest().Write(_folder.Path);
        _saetrain.Interrupt("a", 20, Saetrain.Small);
        _saetrain.Succeed("train", [.. Saetrain.Small.SkipLast(8), "--latents", "64", "--k", "3", "--batch", "256", "--threads", "1", "--id", "b"]);

        JsonElement[] rows = [.. JsonDocument.Parse(_saetrain.Succeed("compare", "--json")).RootElement.EnumerateArray()];
        string table = _saetrain.Succeed("compare");

        rows.Select(row => row.GetProperty("id").GetString()).ShouldBe(["b", "a"]);
        rows[0].GetProperty("l0").GetDouble().ShouldBe(3, 0.5);
        rows[0].GetProperty("best_fvu").GetBoolean().ShouldBeTrue();
        rows[0].GetProperty("from").GetString().ShouldBe("batch");
        rows[0].GetProperty("fvu").GetDouble().ShouldBe(_saetrain.Metrics("b")[^1].GetProperty("fvu").GetDouble());
        rows[0].GetProperty("weights_hash").GetString()!.Length.ShouldBe(64);
        rows[1].GetProperty("state").GetString().ShouldBe("interrupted");
        rows[1].GetProperty("weights_hash").ValueKind.ShouldBe(JsonValueKind.Null);
        table.Split('\n').Length.ShouldBeGreaterThanOrEqualTo(4);
        table.ShouldContain("openai-topk");
    }

    [Fact]
    public void The_front_holds_what_nothing_beats_in_both_numbers_within_its_hook_and_source()
    {
        ComparedDictionary[] rows =
        [
            Row("cheap", 16, 0.3, 0.90), Row("good", 32, 0.2, 0.95), Row("beaten", 32, 0.25, 0.95), Row("worse", 40, 0.2, 0.96),
            Row("other hook", 50, 0.9, 0.1) with { Hook = "y" }, Row("other source", 60, 0.9, 0.1) with { From = "batch" },
            Row("unmeasured", 1, 0, 1) with { ActiveLatents = null, Fvu = null, CeRecovered = null },
        ];

        IReadOnlyList<ComparedDictionary> marked = ParetoFront.Mark(rows);

        marked.Where(row => row.BestFvu).Select(row => row.Id).ShouldBe(["cheap", "good", "other hook", "other source"]);
        marked.Where(row => row.BestCeRecovered).Select(row => row.Id).ShouldBe(["cheap", "good", "beaten", "worse", "other hook", "other source"]);
    }

    [Fact]
    public void An_empty_workspace_is_said_to_be_empty()
    {
        _saetrain.Fail(ExitCodes.Failure, "compare").ShouldContain("no dictionary");
    }

    public void Dispose()
    {
        _folder.Dispose();
    }

    private static ComparedDictionary Row(string id, double active, double fvu, double recovered)
    {
        return new ComparedDictionary { Id = id, State = "complete", Hook = "x", From = "core", ActiveLatents = active, Fvu = fvu, CeRecovered = recovered };
    }
}
