using Workbench.Dictionaries;
using Workbench.Models;

namespace Workbench.Interventions;

/// <summary>Which of a dictionary's directions an edit moves along, and where its latents are read.</summary>
/// <param name="Output">Index into the dictionary's outputs.</param>
/// <param name="Reads">The hook point whose activations are encoded; null where they are those that are edited, or nothing is encoded.</param>
internal readonly record struct EditSite(int Output, HookPoint? Reads)
{
    /// <summary>Finds both, and holds the edit to the dictionary.</summary>
    /// <param name="edit">An edit by a latent.</param>
    /// <param name="dictionary">The dictionary that it names.</param>
    /// <param name="width">Features of an activation at the edit's hook point.</param>
    /// <exception cref="WorkbenchException">The dictionary has no such latent or does not write there, or the edit reads latents that it cannot.</exception>
    public static EditSite Of(Edit edit, ILatentModel dictionary, int width)
    {
        int latent = Math.Max(edit.Latent!.Value, edit.When?.Latent ?? 0);
        if (latent >= dictionary.Latents)
        {
            throw new WorkbenchException($"The edit at {edit.Hook} names latent {latent} of '{edit.Dictionary}', which has latents 0 to {dictionary.Latents - 1:N0}.");
        }

        int output = FindOutput(edit, dictionary);
        if (!edit.NeedsLatent && edit.When is null)
        {
            return new EditSite(output, null);
        }

        if (dictionary.Inputs.Count == 1 && dictionary.Outputs.Count == 1)
        {
            (DictionarySite input, DictionarySite written) = (dictionary.Inputs[0], dictionary.Outputs[0]);
            if (input == written && input.Width == width)
            {
                return new EditSite(output, null);
            }

            HookPoint? read = HookNames.Find(input.Hook, isInput: true);
            if (input != written && HookNames.Find(written.Hook) == edit.Hook && read is { } before && before.Order < edit.Hook.Order)
            {
                return new EditSite(output, read);
            }
        }

        throw new WorkbenchException(
            $"The edit at {edit.Hook} reads latents of '{edit.Dictionary}', which needs a dictionary that reads one hook of width {width:N0} there or before, found one that reads {string.Join(" and ", dictionary.Inputs.Select(site => $"{site.Hook} ({site.Width:N0})"))}; use add or project_out, or another hook.");
    }

    /// <summary>A dictionary of one output lends its direction to any hook point; one of several has a direction at each of its own.</summary>
    private static int FindOutput(Edit edit, ILatentModel dictionary)
    {
        if (dictionary.Outputs.Count == 1)
        {
            return 0;
        }

        int output = dictionary.Outputs.Select(site => HookNames.Find(site.Hook)).ToList().IndexOf(edit.Hook);
        return output >= 0
            ? output
            : throw new WorkbenchException(
                $"The edit at {edit.Hook} names '{edit.Dictionary}', whose latents have directions at {string.Join(", ", dictionary.Outputs.Select(site => site.Hook))}; use one of these hooks.");
    }
}
