using Spectre.Console;
using Workbench.Workspaces;

namespace Workbench.Harvest.Harvesting;

/// <summary>Draws progress as bars on the error stream, one a phase, where that is a terminal.</summary>
internal sealed class TerminalProgress : IProgressSink
{
    private readonly ProgressContext _context;
    private ProgressTask? _task;
    private string? _phase;

    private TerminalProgress(ProgressContext context)
    {
        _context = context;
    }

    /// <summary>Does some work under a progress display; without a terminal the work gets no sink.</summary>
    public static T Show<T>(Func<IProgressSink?, T> work)
    {
        if (Console.IsErrorRedirected)
        {
            return work(null);
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => work(new TerminalProgress(context)));
    }

    public void Update(RunProgress progress)
    {
        if (_task is null || progress.Phase != _phase)
        {
            _task?.StopTask();
            _phase = progress.Phase;
            _task = _context.AddTask(Markup.Escape(progress.Phase), maxValue: Math.Max(1, progress.Total));
        }

        _task.Description = Markup.Escape(FormattableString.Invariant($"{progress.Phase} ({progress.Rate:N0} {progress.Unit}/s)"));
        _task.MaxValue = Math.Max(1, progress.Total);
        _task.Value = progress.Done;
    }
}
