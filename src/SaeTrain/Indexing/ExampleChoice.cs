namespace Workbench.SaeTrain.Indexing;

/// <summary>An example before its window is read.</summary>
internal readonly record struct ExampleChoice(int Latent, string Group, PeakPlace Place);
