using Workbench.Activations;
using Workbench.Workspaces;

namespace Workbench.Harvest.Importing;

/// <summary>Gives the rows of a harvest that did not come from windows of text, always the same ones in the same order.</summary>
internal interface IVectorProduction
{
    /// <summary>Rows a shard; null for the default.</summary>
    int? ShardRows { get; }

    /// <summary>The manifest to be, but for counts and shards.</summary>
    HarvestInfo Describe();

    /// <summary>Adds every document; of those whose rows are all kept from before the values are not computed.</summary>
    void Write(VectorHarvest harvest, ProgressReporter progress, CancellationToken cancellation);
}
