using TorchSharp;
using Workbench.Activations;
using Workbench.Harvest.Harvesting;
using Workbench.Harvest.Importing;
using Workbench.Numerics;
using Workbench.Workspaces;

namespace Workbench.Harvest.Embedding;

/// <summary>One call of <c>harvest embed</c>: starts it, goes on with the precision and threads of its first start, or finds it complete.</summary>
internal sealed class EmbedRun(Workspace workspace, string id, EmbedRequest request, IProgressSink? sink, FileOpener? files = null)
{
    /// <exception cref="OperationCanceledException">Stopped by the user; the same call goes on.</exception>
    /// <exception cref="WorkbenchException">It cannot be done; the sentence says why.</exception>
    public HarvestInfo Execute(CancellationToken cancellation)
    {
        var harvest = new HarvestRequest { Model = request.Model, Corpus = request.Corpus, Hooks = [request.Hook], Tokens = 1, Context = request.Context };
        harvest.Validate();
        var run = new VectorRun(workspace, id, "embed", sink, files);
        EmbedConfig? stored = run.Stored<EmbedConfig>() is { } begun && begun.Request == request ? begun : null;
        if (stored is not null)
        {
            torch.set_num_threads(stored.Threads);
        }

        using HarvestInputs inputs = HarvestInputs.Open(harvest, workspace, request.Device, stored?.Precision ?? request.Precision);
        EmbedConfig config = stored ?? new EmbedConfig(request, MatrixPrecisions.Name(inputs.Model.ComputeType), torch.get_num_threads());
        return run.Execute(config, inputs.Hashes, new DocumentEmbedding(request, id, inputs), cancellation);
    }
}
