namespace Workbench.Harvest.Embedding;

/// <summary>How a document's rows become one vector.</summary>
internal enum Pooling
{
    /// <summary>Their mean, without the BOS position.</summary>
    Mean,

    /// <summary>The last.</summary>
    Last,

    /// <summary>The first, as encoders with a class token are read.</summary>
    Cls,
}
