using System.Globalization;
using TorchSharp;
using Workbench.Activations;
using Workbench.Models.Weights;
using Workbench.SaeTrain.Objectives;
using Workbench.Workspaces;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Training;

/// <summary>
/// The whole state of a run in one file per checkpoint: weights, moments, firing counts, the recipe's fixed factor, steps done and
/// the place in the order of rows. Learning rates follow from the step, and nothing random happens after the start.
/// </summary>
internal static class TrainingCheckpoint
{
    private const string FolderName = "checkpoints";
    private const string FileName = "state.safetensors";

    /// <summary>Writes a checkpoint and then removes older ones.</summary>
    public static void Save(RunFolder run, TrainingState state)
    {
        using var scope = NewDisposeScope();
        List<(string Name, Tensor Tensor)> tensors = [.. state.Parameters.All.Select(p => (p.Name, p.Tensor.detach()))];
        for (int i = 0; i < state.Parameters.All.Count; i++)
        {
            tensors.Add(($"first_moment.{state.Parameters.All[i].Name}", state.Optimizer.FirstMoments[i]));
            tensors.Add(($"second_moment.{state.Parameters.All[i].Name}", state.Optimizer.SecondMoments[i]));
        }

        tensors.Add(("steps_since_fired", tensor(state.Counters.Steps)));
        tensors.Add(("error_scale", tensor(new[] { state.ErrorScale })));
        tensors.Add(("place", tensor(new[] { state.Optimizer.Steps, state.Batches.Epoch, state.Batches.Cursor })));
        string folder = Path.Combine(run.ResultsPath(FolderName), state.Optimizer.Steps.ToString(CultureInfo.InvariantCulture));
        AtomicFile.Write(Path.Combine(folder, FileName), stream => SafetensorsWriter.Write(stream, tensors));
        foreach ((long step, string path) in All(run))
        {
            if (step < state.Optimizer.Steps)
            {
                Directory.Delete(path, recursive: true);
            }
        }
    }

    /// <summary>The latest checkpoint's file, or null where there is none.</summary>
    public static SafetensorsFile? Latest(RunFolder run)
    {
        (long Step, string Path) latest = All(run).Where(c => File.Exists(Path.Combine(c.Path, FileName))).OrderBy(c => c.Step).LastOrDefault();
        return latest.Path is null ? null : SafetensorsFile.Open(Path.Combine(latest.Path, FileName));
    }

    /// <summary>Weights of a checkpoint.</summary>
    public static DictionaryParameters Parameters(SafetensorsFile file, Device device)
    {
        using var scope = NewDisposeScope();
        return new DictionaryParameters(file.Load("encoder"), file.Load("encoder_bias"), file.Load("decoder"), file.Load("decoder_bias"), device);
    }

    /// <summary>The recipe's fixed factor of a checkpoint.</summary>
    public static double ErrorScale(SafetensorsFile file)
    {
        using Tensor scale = file.Load("error_scale");
        return scale[0].item<double>();
    }

    /// <summary>Sets everything else of the state.</summary>
    public static void Restore(SafetensorsFile file, TrainingState state)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        for (int i = 0; i < state.Parameters.All.Count; i++)
        {
            state.Optimizer.FirstMoments[i].copy_(file.Load($"first_moment.{state.Parameters.All[i].Name}"));
            state.Optimizer.SecondMoments[i].copy_(file.Load($"second_moment.{state.Parameters.All[i].Name}"));
        }

        file.Load("steps_since_fired").data<long>().ToArray().CopyTo(state.Counters.Steps, 0);
        long[] place = file.Load("place").data<long>().ToArray();
        state.Optimizer.Steps = place[0];
        state.Batches.MoveTo(place[1], place[2]);
    }

    private static IReadOnlyList<(long Step, string Path)> All(RunFolder run)
    {
        string root = run.ResultsPath(FolderName);
        return !Directory.Exists(root)
            ? []
            : [.. Directory.EnumerateDirectories(root)
                .Where(path => long.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out _))
                .Select(path => (long.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture), path))];
    }
}
