namespace Workbench.Workspaces;

/// <summary>Receives progress as it is written, e.g. to draw a bar in a terminal.</summary>
public interface IProgressSink
{
    /// <summary>Shows the latest progress.</summary>
    /// <param name="progress">The progress.</param>
    void Update(RunProgress progress);
}
