namespace Workbench.Harvest.Pretraining;

/// <summary>Two neighbouring symbols.</summary>
internal readonly record struct BpePair(int Left, int Right);
