using TorchSharp;
using Workbench.Models.Weights;
using Workbench.SaeTrain.Data;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training.Scaling;
using Workbench.Workspaces;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Training.Checkpoints;

/// <summary>
/// The whole state of a run in one file: weights, the optimiser's and the objective's state, the constants of the start, steps done
/// and the place in the order of rows. Learning rates and draws follow from the step.
/// </summary>
internal static class TrainingCheckpoint
{
    private const string ParameterPrefix = "parameter.";
    private const string HookScalesName = "hook_scales";

    /// <summary>Writes the state.</summary>
    /// <param name="path">The file.</param>
    /// <param name="trainer">Weights, moments and counters.</param>
    /// <param name="rows">Rows of an epoch.</param>
    /// <param name="batch">Rows a step.</param>
    public static void Write(string path, DictionaryTrainer trainer, long rows, int batch)
    {
        using var scope = NewDisposeScope();
        DataConstants constants = trainer.Constants;
        List<(string Name, Tensor Tensor)> tensors =
        [
            .. Weights(trainer),
            .. Changing(trainer),
            .. HookScales(constants),
            ("constants", tensor(new[] { constants.InputScale, constants.OutputScale, constants.ErrorScale })),
            ("place", tensor(new[] { trainer.Steps, trainer.Steps * batch / rows, trainer.Steps * batch % rows })),
        ];
        AtomicFile.Write(path, stream => SafetensorsWriter.Write(stream, tensors));
    }

    /// <summary>A tensor of the state that is not finite, or null where all are.</summary>
    public static string? NotFinite(DictionaryTrainer trainer)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return Weights(trainer).Concat(Changing(trainer))
            .Where(entry => entry.Tensor.is_floating_point() && !entry.Tensor.isfinite().all().item<bool>())
            .Select(entry => entry.Name)
            .FirstOrDefault();
    }

    /// <summary>Weights of a state.</summary>
    public static ParameterSet Parameters(SafetensorsFile file, Device device)
    {
        using var scope = NewDisposeScope();
        return new ParameterSet(
            file.Names.Where(name => name.StartsWith(ParameterPrefix, StringComparison.Ordinal))
                .Select(name => (name[ParameterPrefix.Length..], file.Load(name))),
            device);
    }

    /// <summary>The recipe's constants of a state.</summary>
    public static DataConstants Constants(SafetensorsFile file)
    {
        using Tensor constants = file.Load("constants");
        double[] values = constants.data<double>().ToArray();
        return new DataConstants(values[0], values[1], values[2]) { HookScales = HookScales(file) };
    }

    /// <summary>Sets everything else of a trainer.</summary>
    public static void Restore(SafetensorsFile file, DictionaryTrainer trainer)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach ((string name, Tensor value) in Changing(trainer))
        {
            value.copy_(file.Load(name));
        }

        trainer.Optimizer.Steps = file.Load("place").data<long>()[0];
    }

    /// <summary>Goes to the rows that follow on a number of steps.</summary>
    public static void MoveTo(ITrainingData data, long steps, int batch)
    {
        data.MoveTo(steps * batch / data.Rows, steps * batch % data.Rows);
    }

    private static IEnumerable<(string Name, Tensor Tensor)> Weights(DictionaryTrainer trainer)
    {
        return trainer.Objective.Parameters.All.Select(weight => ($"{ParameterPrefix}{weight.Name}", weight.Value.detach()));
    }

    /// <summary>What changes from step to step besides the weights; scalars as tensors of one element.</summary>
    private static IEnumerable<(string Name, Tensor Tensor)> Changing(DictionaryTrainer trainer)
    {
        return trainer.Optimizer.State.Select(state => ($"optimizer.{state.Name}", state.Value))
            .Concat(trainer.Objective.State.Select(state => ($"objective.{state.Name}", state.Value)));
    }

    /// <summary>Widths and factors of hooks side by side, one row a hook, where there are any.</summary>
    private static IEnumerable<(string Name, Tensor Tensor)> HookScales(DataConstants constants)
    {
        double[] values = [.. constants.HookScales.SelectMany(hook => new[] { hook.Width, hook.Factor })];
        return values.Length == 0 ? [] : [(HookScalesName, tensor(values).view(-1, 2))];
    }

    private static IReadOnlyList<HookScale> HookScales(SafetensorsFile file)
    {
        if (!file.Contains(HookScalesName))
        {
            return [];
        }

        using Tensor scales = file.Load(HookScalesName);
        return [.. scales.data<double>().ToArray().Chunk(2).Select(hook => new HookScale((int)hook[0], hook[1]))];
    }
}
