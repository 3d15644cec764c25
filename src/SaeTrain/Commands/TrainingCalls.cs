using System.Globalization;
using Workbench.Commands;
using Workbench.SaeTrain.Training;

namespace Workbench.SaeTrain.Commands;

/// <summary>Runs a training and writes its result, for the verbs that start or take up one.</summary>
internal static class TrainingCalls
{
    public static int Train(CommandCall call, TrainingRequest request)
    {
        using var bar = TerminalProgress.Create(call);
        TrainingResult result = new DictionaryRun(request, call.Error, bar, TimeProvider.System).Execute(call.Cancellation);
        bar?.Dispose();
        call.Write(result, () => Describe(result));
        return ExitCodes.Success;
    }

    private static string Describe(TrainingResult result)
    {
        if (result.AlreadyComplete)
        {
            return $"Dictionary {result.Id} is complete already; nothing to do ({result.Folder}).";
        }

        string numbers = result.Last is null
            ? string.Empty
            : string.Create(CultureInfo.InvariantCulture, $" Last batch: FVU {result.Last.Fvu:f4}, L0 {result.Last.L0:f1}, {result.Last.Dead} dead.");
        return string.Create(CultureInfo.InvariantCulture, $"Dictionary {result.Id} is complete: {result.Config.Steps} steps in {result.Seconds:f0} s.{numbers} {result.Folder}");
    }
}
