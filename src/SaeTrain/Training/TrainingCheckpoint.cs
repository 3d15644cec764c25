using System.Globalization;
using TorchSharp;
using Workbench.Models.Weights;
using Workbench.SaeTrain.Objectives;
using Workbench.Workspaces;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Training;

/// <summary>
/// The whole state of a run in one file per checkpoint: weights, the optimiser's and the objective's state, the constants of the
/// start, steps done and the place in the order of rows. Learning rates and draws follow from the step.
/// </summary>
internal static class TrainingCheckpoint
{
    private const string FolderName = "checkpoints";
    private const string FileName = "state.safetensors";
    private const string ParameterPrefix = "parameter.";

    /// <summary>Writes a checkpoint and then removes older ones.</summary>
    public static void Save(RunFolder run, TrainingState state)
    {
        using var scope = NewDisposeScope();
        DictionaryTrainer trainer = state.Trainer;
        DataConstants constants = trainer.Constants;
        List<(string Name, Tensor Tensor)> tensors =
        [
            .. trainer.Objective.Parameters.All.Select(weight => ($"{ParameterPrefix}{weight.Name}", weight.Value.detach())),
            .. Changing(trainer),
            ("constants", tensor(new[] { constants.InputScale, constants.OutputScale, constants.ErrorScale })),
            ("place", tensor(new[] { trainer.Steps, state.Data.Epoch, state.Data.Cursor })),
        ];
        string folder = Path.Combine(run.ResultsPath(FolderName), trainer.Steps.ToString(CultureInfo.InvariantCulture));
        AtomicFile.Write(Path.Combine(folder, FileName), stream => SafetensorsWriter.Write(stream, tensors));
        foreach ((long step, string path) in All(run))
        {
            if (step < trainer.Steps)
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
    public static ParameterSet Parameters(SafetensorsFile file, Device device)
    {
        using var scope = NewDisposeScope();
        return new ParameterSet(
            file.Names.Where(name => name.StartsWith(ParameterPrefix, StringComparison.Ordinal))
                .Select(name => (name[ParameterPrefix.Length..], file.Load(name))),
            device);
    }

    /// <summary>The recipe's constants of a checkpoint.</summary>
    public static DataConstants Constants(SafetensorsFile file)
    {
        using Tensor constants = file.Load("constants");
        double[] values = constants.data<double>().ToArray();
        return new DataConstants(values[0], values[1], values[2]);
    }

    /// <summary>Sets everything else of the state.</summary>
    public static void Restore(SafetensorsFile file, TrainingState state)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach ((string name, Tensor value) in Changing(state.Trainer))
        {
            value.copy_(file.Load(name));
        }

        long[] place = file.Load("place").data<long>().ToArray();
        state.Trainer.Optimizer.Steps = place[0];
        state.Data.MoveTo(place[1], place[2]);
    }

    /// <summary>What changes from step to step besides the weights; scalars as tensors of one element.</summary>
    private static IEnumerable<(string Name, Tensor Tensor)> Changing(DictionaryTrainer trainer)
    {
        return trainer.Optimizer.State.Select(state => ($"optimizer.{state.Name}", state.Value))
            .Concat(trainer.Objective.State.Select(state => ($"objective.{state.Name}", state.Value)));
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
