namespace Workbench.Explorer.Data;

/// <summary>A run as a row of the workspace page.</summary>
/// <typeparam name="TSelf">The kind of row.</typeparam>
public interface IRunSummary<TSelf>
{
    /// <summary>The row of a run whose files cannot be read.</summary>
    static abstract TSelf Damaged(string id, string sentence);
}
