namespace Workbench.SaeTrain.Evaluation;

/// <summary>One number, or one list of numbers, gathered over batches.</summary>
internal interface ICoreMetric
{
    /// <summary>The passes whose losses it reads.</summary>
    IReadOnlyCollection<Intervention> Needs => [];

    /// <summary>Whether it costs more than it tells in everyday use, so that it is left out unless everything is asked for.</summary>
    bool IsDiagnostic => false;

    void Add(CoreBatch batch);

    /// <summary>The value over all batches: a double, or a list of doubles.</summary>
    object Value { get; }
}
