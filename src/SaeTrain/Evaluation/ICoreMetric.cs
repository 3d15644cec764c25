namespace Workbench.SaeTrain.Evaluation;

/// <summary>One number, or one list of numbers, gathered over batches.</summary>
internal interface ICoreMetric
{
    /// <summary>The passes whose losses it reads.</summary>
    IReadOnlyCollection<Intervention> Needs => [];

    void Add(CoreBatch batch);

    /// <summary>The value over all batches: a double, or a list of doubles.</summary>
    object Value { get; }
}
