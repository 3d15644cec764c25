using Workbench.Models;

namespace Workbench.Interventions;

/// <summary>Edits that belong together, in the order in which they apply at a hook; each sees what those before it left.</summary>
public sealed class EditPlan
{
    /// <summary>Version of the file form.</summary>
    public const int FormatVersion = 1;

    /// <summary>Creates a plan.</summary>
    /// <exception cref="WorkbenchException">The parts of an edit do not go together.</exception>
    public EditPlan(IEnumerable<Edit> edits)
    {
        Edits = [.. edits];
        foreach (Edit edit in Edits)
        {
            edit.Validate();
        }
    }

    /// <summary>The edits.</summary>
    public IReadOnlyList<Edit> Edits { get; }

    /// <summary>Reads the file form: <c>{"version":1,"edits":[...]}</c>; a key that it does not know is an error.</summary>
    /// <exception cref="WorkbenchException">The text is not that form; the sentence names the key.</exception>
    public static EditPlan Parse(string json)
    {
        return EditPlanJson.Parse(json);
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="WorkbenchException">It cannot be read, or as for <see cref="Parse"/>.</exception>
    public static EditPlan Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new WorkbenchException($"{path} cannot be read ({failure.Message}); check the path and its permissions.", failure);
        }
        catch (WorkbenchException failure)
        {
            throw new WorkbenchException($"{path}: {failure.Message}", failure);
        }
    }

    /// <summary>The file form; <see cref="Parse"/> reads it back to the same edits.</summary>
    public string ToJson()
    {
        return EditPlanJson.Write(this);
    }

    /// <summary>Turns the edits into hooks of a model.</summary>
    /// <param name="model">The model to edit.</param>
    /// <param name="resources">Where dictionaries and maxima come from; the dictionaries must live as long as the hooks.</param>
    /// <param name="promptLength">Tokens of the prompt, which tells prompt from generated positions.</param>
    /// <exception cref="WorkbenchException">The model lacks a hook, or a direction does not fit it.</exception>
    public IReadOnlyList<Hook> ToHooks(LanguageModel model, EditResources resources, int promptLength)
    {
        return [.. Edits.SelectMany(edit => new EditAction(edit, model, resources, promptLength).ToHooks())];
    }
}
