using System.Globalization;
using Workbench.Commands;
using Workbench.Workspaces;

namespace Workbench.SaeTrain.Commands;

/// <summary>Draws progress on one line of a terminal; where output is redirected, nothing is drawn and progress.json tells.</summary>
internal sealed class TerminalProgress : IProgressSink, IDisposable
{
    private const int BarWidth = 24;

    private readonly TextWriter _terminal;
    private int _drawn;

    private TerminalProgress(TextWriter terminal)
    {
        _terminal = terminal;
    }

    /// <summary>A bar on the error stream, or null where that is not a terminal.</summary>
    public static TerminalProgress? Create(CommandCall call)
    {
        return ReferenceEquals(call.Error, Console.Error) && !Console.IsErrorRedirected ? new TerminalProgress(call.Error) : null;
    }

    public void Update(RunProgress progress)
    {
        int filled = (int)Math.Round(progress.Fraction * BarWidth);
        string eta = progress.EtaSeconds is double seconds ? TimeSpan.FromSeconds(Math.Round(seconds)).ToString("c", CultureInfo.InvariantCulture) : "-";
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"{progress.Phase} [{new string('#', filled)}{new string('.', BarWidth - filled)}] {progress.Done}/{progress.Total} {progress.Unit}, {progress.Rate:f1}/s, {eta} left  {progress.Message}");
        _terminal.Write("\r" + line.PadRight(_drawn));
        _drawn = line.Length;
    }

    public void Dispose()
    {
        if (_drawn > 0)
        {
            _terminal.WriteLine();
            _drawn = 0;
        }
    }
}
