namespace Workbench.Dictionaries;

/// <summary>Where a dictionary reads or writes a model's activations.</summary>
/// <param name="Hook">Name of the hook point, e.g. <c>blocks.3.hook_resid_post</c>; empty where the file does not say.</param>
/// <param name="Width">Number of features of an activation there.</param>
public sealed record DictionarySite(string Hook, int Width);
