using Workbench.Commands;
using Workbench.Dictionaries;
using Workbench.SaeTrain.Training.Checkpoints;
using Workbench.Testing;
using Workbench.Workspaces;

namespace Workbench.SaeTrain.Tests.Training;

[Collection("Training")]
public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Saetrain _saetrain;

    public CheckpointTests()
    {
        _saetrain = new Saetrain(_folder.Path);
        new SyntheticHarvest().Write(_folder.Path);
    }

    [Fact]
    public void Dictionaries_of_logarithmically_spaced_steps_are_kept_and_can_be_loaded_by_id_and_step()
    {
        _saetrain.Succeed("train", [.. Saetrain.Small, "--id", "d1", "--save-every", "7"]);

        _saetrain.Checkpoints("d1").ShouldBe([1, 2, 4, 8, 16, 32, 64]);
        Directory.EnumerateFiles(_saetrain.Folder("d1"), CheckpointRecord.StateFile, SearchOption.AllDirectories).ShouldBeEmpty();
        var workspace = new Workspace(_folder.Path);
        string[] hashes = [.. _saetrain.Checkpoints("d1").Select(step =>
        {
            using SparseAutoencoder dictionary = DictionaryLoader.LoadSparse(DictionaryPlace.Find(workspace, $"d1@{step}"));
            return dictionary.WeightsHash;
        })];
        hashes.ShouldBeUnique();
        _saetrain.Succeed("export", "--dictionary", "d1@8", "--format", "saelens", "--out", _folder.At("out"));
        using SparseAutoencoder exported = DictionaryLoader.LoadSparse(_folder.At("out"));
        exported.WeightsHash.ShouldBe(hashes[3]);
        Should.Throw<WorkbenchException>(() => DictionaryPlace.Find(workspace, "d1@3")).Message.ShouldContain("1, 2, 4, 8");
        Should.Throw<WorkbenchException>(() => DictionaryPlace.Find(workspace, "d9")).Message.ShouldContain("d9");
    }

    [Fact]
    public void A_run_that_goes_on_holds_two_states_and_the_latest_dictionary()
    {
        Interrupt("d1", 40, "--save-every", "5", "--checkpoints", "none");

        IReadOnlyList<long> steps = _saetrain.Checkpoints("d1");
        steps.Count.ShouldBe(2);
        using SparseAutoencoder latest = DictionaryLoader.LoadSparse(DictionaryPlace.Find(new Workspace(_folder.Path), "d1@latest"));
        latest.Latents.ShouldBe(64);
        _saetrain.Fail(ExitCodes.Failure, "evaluate", "--dictionary", "d1").ShouldContain("d1@latest");
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("changed")]
    [InlineData("unfinished")]
    public void A_damaged_checkpoint_is_passed_over_for_the_one_before(string damage)
    {
        _saetrain.Succeed("train", [.. Saetrain.Small, "--id", "whole", "--save-every", "5"]);
        Interrupt("d1", 40, "--save-every", "5");
        long latest = _saetrain.Checkpoints("d1")[^1];
        string state = Path.Combine(_saetrain.Folder("d1"), "checkpoints", $"{latest}", CheckpointRecord.StateFile);
        byte[] bytes = File.ReadAllBytes(state);
        switch (damage)
        {
            case "truncated":
                File.WriteAllBytes(state, bytes[..^100]);
                break;
            case "changed":
                bytes[^50] ^= 1;
                File.WriteAllBytes(state, bytes);
                break;
            default:
                File.Delete(Path.Combine(Path.GetDirectoryName(state)!, CheckpointRecord.FileName));
                break;
        }

        _saetrain.Succeed("resume", "--id", "d1");

        _saetrain.Weights("d1").ShouldBe(_saetrain.Weights("whole"));
        _saetrain.MetricsWithoutSpeed("d1").ShouldBe(_saetrain.MetricsWithoutSpeed("whole"));
        _saetrain.Log("d1").ShouldContain($"The checkpoint of step {latest} is damaged");
    }

    [Fact]
    public void Resume_needs_nothing_but_the_id_and_leaves_a_complete_run_alone()
    {
        _saetrain.Succeed("train", [.. Saetrain.Small, "--id", "whole", "--clip-norm", "0.5"]);
        Interrupt("d1", 40, "--clip-norm", "0.5");

        _saetrain.Succeed("resume", "--id", "d1");

        _saetrain.Weights("d1").ShouldBe(_saetrain.Weights("whole"));
        _saetrain.Succeed("resume", "--id", "d1").ShouldContain("nothing to do");
        _saetrain.Fail(ExitCodes.Failure, "resume", "--id", "d2").ShouldContain("d2");
    }

    [Fact]
    public void How_often_a_run_tells_and_saves_may_change_on_resuming_and_what_weights_depend_on_may_not()
    {
        _saetrain.Succeed("train", [.. Saetrain.Small, "--id", "whole"]);
        Interrupt("d1", 40);

        _saetrain.Fail(ExitCodes.Failure, "train", [.. Saetrain.Small, "--id", "d1", "--beta1", "0.8"]).ShouldContain("beta1");
        _saetrain.Succeed("train", [.. Saetrain.Small, "--id", "d1", "--log-every", "3", "--save-every", "9", "--checkpoints", "none"]);

        _saetrain.Weights("d1").ShouldBe(_saetrain.Weights("whole"));
    }

    public void Dispose()
    {
        _folder.Dispose();
    }

    private void Interrupt(string id, long step, params string[] options)
    {
        _saetrain.Interrupt(id, step, [.. Saetrain.Small, .. options]);
        Golden.Json(_saetrain.Folder(id), "run.json").GetProperty("state").GetString().ShouldBe("interrupted");
    }
}
