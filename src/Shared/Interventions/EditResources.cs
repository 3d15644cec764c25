using Workbench.Dictionaries;

namespace Workbench.Interventions;

/// <summary>What edits by latents need from the caller, who owns the dictionaries.</summary>
/// <param name="Dictionary">Finds a dictionary by the name or path that an edit gives.</param>
/// <param name="Maximum">Largest activation of a latent over its harvest; asked only where a strength is in that unit.</param>
public sealed record EditResources(Func<string, ILatentModel> Dictionary, Func<string, int, double> Maximum)
{
    /// <summary>For plans of vectors only.</summary>
    public static EditResources None { get; } = new(
        name => throw new WorkbenchException($"The edit names dictionary '{name}', but no workspace is given to find it in."),
        (name, latent) => throw new WorkbenchException($"The edit measures latent {latent} of '{name}' by its maximum, but no index is given."));
}
