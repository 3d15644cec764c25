using Workbench.Activations;
using Workbench.Workspaces;

namespace Workbench.Harvest.Importing;

/// <summary>One call of <c>harvest import</c>: starts it, goes on with it, or finds it complete.</summary>
internal sealed class ImportRun(Workspace workspace, string id, ImportRequest request, IProgressSink? sink, FileOpener? files = null)
{
    /// <exception cref="OperationCanceledException">Stopped by the user; the same call goes on.</exception>
    /// <exception cref="WorkbenchException">It cannot be done; the sentence says why.</exception>
    public HarvestInfo Execute(CancellationToken cancellation)
    {
        ImportInputs inputs = ImportInputs.Of(request, (done, total) =>
        {
            cancellation.ThrowIfCancellationRequested();
            sink?.Update(new RunProgress("hash", done, total, "files", 0, null, null, TimeProvider.System.GetUtcNow()));
        });
        return new VectorRun(workspace, id, "import", sink, files).Execute(request, inputs.Hashes, new VectorImport(request, inputs, id), cancellation);
    }
}
