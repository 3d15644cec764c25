namespace Workbench.SaeTrain.Indexing;

/// <summary>An example before its window is read.</summary>
/// <param name="Latent">Its latent.</param>
/// <param name="Interval">The interval it was sampled from; null for one of the top.</param>
/// <param name="Place">Where it peaks.</param>
internal readonly record struct ExampleChoice(int Latent, int? Interval, PeakPlace Place);
