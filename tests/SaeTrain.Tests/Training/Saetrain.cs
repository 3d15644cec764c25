using System.Diagnostics;
using System.Text.Json;
using Workbench.Commands;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Settings;

namespace Workbench.SaeTrain.Tests.Training;

/// <summary>Runs lines of the program on a workspace, in this process or in one of their own.</summary>
internal sealed class Saetrain(string workspace)
{
    /// <summary>Options of a training of a second or less on a synthetic harvest.</summary>
    public static IReadOnlyList<string> Small { get; } = ["--harvest", "h1", "--recipe", "openai-topk", "--latents", "64", "--k", "6", "--batch", "256", "--threads", "1"];

    public string Folder(string id)
    {
        return Path.Combine(workspace, "dictionaries", id);
    }

    public byte[] Weights(string id)
    {
        return File.ReadAllBytes(Path.Combine(Folder(id), "sae_weights.safetensors"));
    }

    public string Log(string id)
    {
        return File.ReadAllText(Path.Combine(Folder(id), "log.txt"));
    }

    /// <summary>The lines of a run's metrics.</summary>
    public JsonElement[] Metrics(string id)
    {
        return [.. File.ReadLines(Path.Combine(Folder(id), "metrics.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    /// <summary>The lines of a run's metrics but for the speed, which no two runs share.</summary>
    public string[] MetricsWithoutSpeed(string id)
    {
        return [.. Metrics(id).Select(line => string.Join(", ", line.EnumerateObject().Where(p => p.Name != "tokens_per_second").Select(p => p.ToString())))];
    }

    /// <summary>Steps whose folders are among a run's checkpoints, ascending.</summary>
    public IReadOnlyList<long> Checkpoints(string id)
    {
        string folder = Path.Combine(Folder(id), "checkpoints");
        return !Directory.Exists(folder)
            ? []
            : [.. Directory.GetDirectories(folder).Select(path => long.TryParse(Path.GetFileName(path), out long step) ? step : -1).Where(step => step >= 0).Order()];
    }

    /// <summary>Runs a verb here.</summary>
    public (int Code, string Output, string Error) Run(string verb, params IEnumerable<string> options)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = CommandHost.Run(CommandHost.Program("saetrain", Verbs.All), [verb, .. Place(verb), .. options], output, error);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>Runs a verb here, which must succeed.</summary>
    /// <returns>What it wrote.</returns>
    public string Succeed(string verb, params IEnumerable<string> options)
    {
        (int code, string output, string error) = Run(verb, options);
        code.ShouldBe(ExitCodes.Success, error);
        return output;
    }

    /// <summary>Runs a verb here, which must fail.</summary>
    /// <returns>The sentence.</returns>
    public string Fail(int expected, string verb, params IEnumerable<string> options)
    {
        (int code, _, string error) = Run(verb, options);
        code.ShouldBe(expected, error);
        return error;
    }

    /// <summary>Starts a verb in a process of its own.</summary>
    public Process Start(string verb, params IEnumerable<string> options)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "saetrain");
        var process = Process.Start(new ProcessStartInfo(program, [verb, .. Place(verb), .. options]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }

    /// <summary>Trains here until a step is done, and stops as Ctrl-C does.</summary>
    /// <param name="id">Id of the dictionary.</param>
    /// <param name="step">Steps done at least.</param>
    /// <param name="options">Flags and their values; a later flag overrides an earlier one.</param>
    public void Interrupt(string id, long step, params IEnumerable<string> options)
    {
        var settings = new TrainingSettings();
        foreach (string[] pair in options.Chunk(2))
        {
            _ = TrainingSetting.All.FirstOrDefault(setting => setting.Flag == pair[0]) is { } setting
                ? settings.SetKey(setting.Key, setting.Parse([pair[1]]))
                : settings.SetOption(pair[0].TrimStart('-'), JsonDocument.Parse(pair[1]).RootElement);
        }

        using var stop = new CancellationTokenSource();
        Should.Throw<OperationCanceledException>(() => new DictionaryRun(
            new TrainingRequest(workspace, id, settings), TextWriter.Null, new StopAt(stop, step), new SteppingTime()).Execute(stop.Token));
    }

    private IEnumerable<string> Place(string verb)
    {
        return verb == "evaluate" ? ["core", "--workspace", workspace] : ["--workspace", workspace];
    }
}
