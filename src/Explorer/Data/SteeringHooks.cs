using Workbench.Dictionaries;
using Workbench.Features;
using Workbench.Interventions;
using Workbench.Models;

namespace Workbench.Explorer.Data;

/// <summary>Where steering with a feature changes the model.</summary>
internal static class SteeringHooks
{
    /// <summary>
    /// The hook points: where the dictionary writes; of one that has a direction at each of several, all where that direction is not
    /// zero; of one that encodes each of several by itself, the one where the feature fires most often.
    /// </summary>
    /// <exception cref="WorkbenchException">A name is no hook point.</exception>
    public static IReadOnlyList<HookPoint> Of(FeatureSpace space, int latent)
    {
        FeatureIndexInfo info = space.Info;
        IReadOnlyList<HookShare> shares = space.Index.HookShares(latent);
        if (shares.Count == 0)
        {
            return [Point(space, info.OutputHook ?? info.Hook)];
        }

        HookShare[] written = info.CountedHooks > 0 ? [shares.MaxBy(share => share.Amount)] : [.. shares.Where(share => share.Amount > 0)];
        return [.. written.Select(share => Point(space, share.Hook))];
    }

    /// <summary>Whether an operation is defined: one that depends on the feature's activation is not where that takes hooks which a pass reaches later.</summary>
    public static bool Allows(FeatureSpace space, EditOperation operation)
    {
        return space.Info.DirectionHooks == 0 || operation is EditOperation.Add or EditOperation.ProjectOut;
    }

    /// <summary>What to tell of where edits go; null for a dictionary that reads and writes one hook.</summary>
    public static string? Sentence(FeatureSpace space)
    {
        FeatureIndexInfo info = space.Info;
        return info switch
        {
            { DirectionHooks: > 0 } => $"An edit moves the activations of all {info.DirectionHooks} hooks, each along the feature's own direction there; what it does at one also reaches the later ones through the model. Operations that depend on z are left out: z is known only when the last hook has been read.",
            { CountedHooks: > 0 } => "The dictionary encodes each of its hooks by itself; an edit changes the hook where its feature fires most often.",
            { OutputHook: { } output } => $"The dictionary reads {info.Hook} and writes {output}: z is read at the first, and an edit changes the second.",
            _ => null,
        };
    }

    private static HookPoint Point(FeatureSpace space, string name)
    {
        return HookNames.Find(name) ?? throw new WorkbenchException(
            $"Dictionary {space.Dictionary} writes to '{name}', which is no hook point of a model here; import it again with --output-hook.");
    }
}
