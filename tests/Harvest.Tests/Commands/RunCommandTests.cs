using System.Text.Json;
using Workbench.Activations;
using Workbench.Harvest.Tests.Harvesting;
using Workbench.Testing;
using Workbench.Workspaces;

namespace Workbench.Harvest.Tests.Commands;

public sealed class RunCommandTests : IDisposable
{
    private readonly HarvestSample _sample = new(new TinyModel { Layers = 3, Width = 48 }, documents: 1500);

    public void Dispose()
    {
        _sample.Dispose();
    }

    [Fact]
    public void A_harvest_killed_at_ten_random_moments_ends_in_the_same_bytes()
    {
        const int Kills = 10;
        HarvestProcess.Run(Line("whole")).ExitCode.ShouldBe(0);
        string folder = _sample.At("cut", "harvests", "h1");
        var random = new Random(20261124);
        for (int kill = 0; kill < Kills; kill++)
        {
            using HarvestProcess process = HarvestProcess.Start(Line("cut"));
            if (kill % 4 == 0)
            {
                // Some moments of starting: the runtime, the model, the manifest, the verification of shards.
                Thread.Sleep(random.Next(50, 900));
            }
            else
            {
                int until = Shards(folder) + random.Next(1, 8);
                SpinWait.SpinUntil(() => Shards(folder) >= until || !process.IsRunning, TimeSpan.FromMinutes(2)).ShouldBeTrue();
                Thread.Sleep(random.Next(0, 15));
            }

            process.IsRunning.ShouldBeTrue();
            process.Kill();
            process.Wait().ExitCode.ShouldBe(128 + 9);
        }

        Should.Throw<WorkbenchException>(() => Activations.Harvest.Open(folder)).Message.ShouldNotBeEmpty();
        (int exitCode, string output, string error) = HarvestProcess.Run(Line("cut"));
        exitCode.ShouldBe(0, error);
        JsonElement result = JsonDocument.Parse(output).RootElement;
        result.GetProperty("rows").GetInt64().ShouldBe(12_000);
        result.GetProperty("computed").GetInt64().ShouldBeLessThan(12_000);
        HarvestSample.Fingerprint(folder).ShouldBe(HarvestSample.Fingerprint(_sample.At("whole", "harvests", "h1")));
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public void A_signal_stops_the_run_with_130_and_the_same_line_goes_on(string signal)
    {
        string folder = _sample.At("w", "harvests", "h1");
        using (HarvestProcess process = HarvestProcess.Start(Line("w")))
        {
            SpinWait.SpinUntil(() => Shards(folder) >= 3 || !process.IsRunning, TimeSpan.FromMinutes(2)).ShouldBeTrue();
            process.Signal(signal);
            (int exitCode, string output, string error) = process.Wait();
            exitCode.ShouldBe(130, error);
            output.ShouldBeEmpty();
            error.ShouldContain("run the same line again");
        }

        new RunFolder(folder).Manifest!.State.ShouldBe(RunState.Interrupted);
        HarvestProcess.Run(Line("w")).ExitCode.ShouldBe(0);
        new RunFolder(folder).Manifest!.State.ShouldBe(RunState.Complete);
        (int again, string message, _) = HarvestProcess.Run([.. Line("w").Where(argument => argument != "--json")]);
        again.ShouldBe(0);
        message.ShouldContain("nothing to do");
    }

    [Fact]
    public void Inspect_prints_what_a_harvest_holds_and_fails_on_a_changed_shard()
    {
        HarvestProcess.Run(Line("w", tokens: 1500)).ExitCode.ShouldBe(0);
        string[] inspect = ["inspect", "--workspace", _sample.At("w"), "--harvest", "h1"];
        (int exitCode, string text, _) = HarvestProcess.Run(inspect);
        exitCode.ShouldBe(0);
        text.ShouldContain("1,500 a hook");
        text.ShouldContain("blocks.1.hook_resid_post");
        using Activations.Harvest harvest = Activations.Harvest.Open(_sample.At("w", "harvests", "h1"));
        text.ShouldContain(harvest.Info.ModelHash);
        (_, string json, _) = HarvestProcess.Run([.. inspect, "--json"]);
        JsonElement inspection = JsonDocument.Parse(json).RootElement;
        inspection.GetProperty("info").GetProperty("rows").GetInt64().ShouldBe(1500);
        inspection.GetProperty("verified_shards").GetInt32().ShouldBe(harvest.Info.Shards.Count);
        string sample = inspection.GetProperty("samples")[0].GetProperty("text").GetString()!;
        sample.ShouldStartWith("<|endoftext|>");

        HarvestShard victim = harvest.Info.Shards[3];
        string path = Path.Combine(harvest.Folder, victim.File);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        (int failed, string nothing, string sentence) = HarvestProcess.Run([.. inspect, "--json"]);
        failed.ShouldBe(1);
        nothing.ShouldBeEmpty();
        sentence.ShouldContain(victim.File);
    }

    [Fact]
    public void Bad_input_is_one_sentence_and_an_exit_code()
    {
        File.WriteAllText(_sample.At("file"), "");
        Fails(1, "cannot be written", Line(Path.Combine("file", "below")));
        Fails(1, "blocks.7.hook_resid_post", [.. Line("w"), "--hook", "blocks.7.hook_resid_post"]);
        Fails(2, "blocks.x", [.. Line("w"), "--hook", "blocks.x"]);
        Fails(2, "--partition", [.. Line("w"), "--partition", "3/2"]);
        Fails(2, "--dtype", [.. Line("w"), "--dtype", "float8"]);
        Fails(2, "--tokens", Line("w", tokens: 0));
        Fails(2, "cannot be an id", [.. Line("w").Select(argument => argument == "h1" ? "../h1" : argument)]);
        Fails(1, "no harvest", ["inspect", "--workspace", _sample.At("w"), "--harvest", "none"]);
        Directory.Exists(_sample.At("w", "harvests", "h1")).ShouldBeFalse();
    }

    private static void Fails(int code, string text, string[] line)
    {
        (int exitCode, string output, string error) = HarvestProcess.Run(line);
        exitCode.ShouldBe(code, error);
        output.ShouldBeEmpty();
        error.ShouldContain(text);
        error.Trim().Split('\n').Length.ShouldBeLessThanOrEqualTo(2);
    }

    private static int Shards(string folder)
    {
        string hook = Path.Combine(folder, "blocks.1.hook_resid_post");
        return Directory.Exists(hook) ? Directory.GetFiles(hook, "*.arrow").Length : 0;
    }

    private string[] Line(string workspace, int tokens = 12_000)
    {
        return
        [
            "run", "--workspace", _sample.At(workspace), "--model", _sample.Model, "--corpus", _sample.Corpus,
            "--hook", "blocks.1.hook_resid_post", "--hook", "hook_embed", "--tokens", $"{tokens}", "--context", "32",
            "--id", "h1", "--batch", "5", "--shard-rows", "128", "--json",
        ];
    }
}
