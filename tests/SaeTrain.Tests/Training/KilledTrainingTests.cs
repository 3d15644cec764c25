using System.Diagnostics;
using System.Globalization;
using Workbench.Testing;

namespace Workbench.SaeTrain.Tests.Training;

/// <summary>Twenty kills: at random moments, and while a checkpoint is being written.</summary>
public sealed class KilledTrainingTests : IDisposable
{
    private const int Batch = 256;
    private const int Rows = 8192;

    private readonly TemporaryFolder _folder = new();
    private readonly Saetrain _saetrain;

    public KilledTrainingTests()
    {
        _saetrain = new Saetrain(_folder.Path);
        new SyntheticHarvest { Rows = Rows }.Write(_folder.Path);
    }

    [Theory]
    [InlineData("openai-topk", "fused", 5)]
    [InlineData("saelens-topk", "autograd", 5)]
    [InlineData("saelens-batchtopk", "autograd", 5)]
    [InlineData("saelens-jumprelu-tanh", "auto", 5)]
    public void A_training_killed_at_any_moment_ends_with_the_weights_of_one_that_was_left_alone(string recipe, string backend, int kills)
    {
        const int Steps = 1600;
        string[] line =
        [
            "--harvest", "h1", "--recipe", recipe, "--backend", backend, "--latents", "256", "--batch", Text(Batch), "--epochs", Text((double)Steps * Batch / Rows),
            "--save-every", "20", "--threads", "1", .. recipe.Contains("topk", StringComparison.Ordinal) ? ["--k", "6"] : Array.Empty<string>(),
        ];
        using (Process whole = _saetrain.Start("train", [.. line, "--id", "whole"]))
        {
            whole.WaitForExit();
            whole.ExitCode.ShouldBe(0);
        }

        var random = new Random(recipe.Length);
        for (int kill = 0; kill < kills; kill++)
        {
            string[] options = kill == 0 ? [.. line, "--id", "killed"] : ["--id", "killed"];
            using Process process = _saetrain.Start(kill == 0 ? "train" : "resume", options);
            try
            {
                Wait(process, kill, random);
                process.HasExited.ShouldBeFalse("the run ended before it could be killed");
            }
            finally
            {
                process.Kill();
                process.WaitForExit();
            }

            process.ExitCode.ShouldBe(137);
        }

        Golden.Json(_saetrain.Folder("killed"), "run.json").GetProperty("state").GetString().ShouldBe("running");
        File.Exists(Path.Combine(_saetrain.Folder("killed"), "cfg.json")).ShouldBeFalse();
        using (Process last = _saetrain.Start("resume", "--id", "killed"))
        {
            last.WaitForExit();
            last.ExitCode.ShouldBe(0);
        }

        _saetrain.Weights("killed").ShouldBe(_saetrain.Weights("whole"));
        _saetrain.MetricsWithoutSpeed("killed").ShouldBe(_saetrain.MetricsWithoutSpeed("whole"));
        _saetrain.Log("killed").ShouldContain("Going on at step");
        Golden.Json(_saetrain.Folder("killed"), "run.json").GetProperty("state").GetString().ShouldBe("complete");
        Directory.EnumerateFiles(_saetrain.Folder("killed"), "*.tmp", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    public void Dispose()
    {
        _folder.Dispose();
    }

    /// <summary>Every other time a random while after the first new checkpoint, else when one is half written.</summary>
    private void Wait(Process process, int kill, Random random)
    {
        string folder = Path.Combine(_saetrain.Folder("killed"), "checkpoints");
        long before = _saetrain.Checkpoints("killed").LastOrDefault();
        while (!process.HasExited && _saetrain.Checkpoints("killed").LastOrDefault() <= before)
        {
            Thread.Sleep(2);
        }

        Thread.Sleep(random.Next(120));
        while (kill % 2 == 1 && !process.HasExited && !IsHalfWritten(folder))
        {
            Thread.SpinWait(1000);
        }
    }

    private static bool IsHalfWritten(string folder)
    {
        try
        {
            return Directory.EnumerateDirectories(folder, "*.tmp").Any(half => Directory.EnumerateFiles(half).Any());
        }
        catch (DirectoryNotFoundException)
        {
            // It became whole between the two looks.
            return false;
        }
    }

    private static string Text(double number)
    {
        return number.ToString(CultureInfo.InvariantCulture);
    }
}
