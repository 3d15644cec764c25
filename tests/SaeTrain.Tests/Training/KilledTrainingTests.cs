using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Workbench.Testing;

namespace Workbench.SaeTrain.Tests.Training;

public sealed class KilledTrainingTests : IDisposable
{
    private const int Steps = 320;

    private readonly string _workspace = Directory.CreateTempSubdirectory("killed").FullName;

    [Theory]
    [InlineData("openai-topk")]
    [InlineData("saelens-topk")]
    public void A_training_killed_at_any_moment_ends_with_the_weights_of_one_that_was_left_alone(string recipe)
    {
        new SyntheticHarvest { Rows = 8192 }.Write(_workspace);
        Run(recipe, "whole").ShouldBe(0);
        var random = new Random(recipe.Length);

        KillWhen(recipe, () => File.Exists(Path.Combine(Folder("killed"), "run.json")));
        for (int kill = 1; kill <= 3; kill++)
        {
            long target = (kill * Steps / 5) + random.Next(20);
            KillWhen(recipe, () => LastCheckpoint("killed") >= target);
        }

        Golden.Json(Folder("killed"), "run.json").GetProperty("state").GetString().ShouldBe("running");
        File.Exists(Path.Combine(Folder("killed"), "cfg.json")).ShouldBeFalse();
        Run(recipe, "killed").ShouldBe(0);

        File.ReadAllBytes(Path.Combine(Folder("killed"), "sae_weights.safetensors"))
            .ShouldBe(File.ReadAllBytes(Path.Combine(Folder("whole"), "sae_weights.safetensors")));
        Metrics("killed").ShouldBe(Metrics("whole"));
        File.ReadAllText(Path.Combine(Folder("killed"), "log.txt")).ShouldContain("Going on at step");
        Golden.Json(Folder("killed"), "run.json").GetProperty("state").GetString().ShouldBe("complete");
    }

    public void Dispose()
    {
        Directory.Delete(_workspace, recursive: true);
    }

    private string Folder(string id)
    {
        return Path.Combine(_workspace, "dictionaries", id);
    }

    private long LastCheckpoint(string id)
    {
        string folder = Path.Combine(Folder(id), "checkpoints");
        return !Directory.Exists(folder)
            ? -1
            : Directory.GetDirectories(folder)
                .Select(path => long.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out long step) ? step : -1)
                .DefaultIfEmpty(-1)
                .Max();
    }

    private string[] Metrics(string id)
    {
        return [.. File.ReadLines(Path.Combine(Folder(id), "metrics.jsonl")).Select(WithoutSpeed)];
    }

    private static string WithoutSpeed(string line)
    {
        using JsonDocument report = JsonDocument.Parse(line);
        return string.Join(", ", report.RootElement.EnumerateObject().Where(p => p.Name != "tokens_per_second").Select(p => p.ToString()));
    }

    private int Run(string recipe, string id)
    {
        using Process process = Start(recipe, id);
        process.WaitForExit();
        return process.ExitCode;
    }

    private void KillWhen(string recipe, Func<bool> moment)
    {
        using Process process = Start(recipe, "killed");
        while (!moment())
        {
            process.HasExited.ShouldBeFalse("the run ended before it could be killed");
            Thread.Sleep(2);
        }

        process.Kill();
        process.WaitForExit();
        process.ExitCode.ShouldBe(137);
    }

    private Process Start(string recipe, string id)
    {
        string[] line =
        [
            "train", "--workspace", _workspace, "--harvest", "h1", "--recipe", recipe, "--latents", "256", "--k", "6", "--batch", "256",
            "--epochs", (Steps * 256 / 8192).ToString(CultureInfo.InvariantCulture), "--save-every", "10", "--threads", "1", "--id", id,
        ];
        return Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "saetrain"), line) { RedirectStandardError = false })!;
    }
}
