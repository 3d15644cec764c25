namespace Workbench.Text.Corpora;

/// <summary>Part of a corpus.</summary>
public enum CorpusSplit
{
    /// <summary>What models and dictionaries are trained on.</summary>
    Train,

    /// <summary>What they are judged on; about 5 %.</summary>
    HeldOut,

    /// <summary>Both.</summary>
    All,
}
