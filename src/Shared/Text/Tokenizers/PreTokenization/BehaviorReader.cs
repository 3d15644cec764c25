using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.PreTokenization;

/// <summary>Reads a <see cref="SplitBehavior"/>.</summary>
internal static class BehaviorReader
{
    public static SplitBehavior Read(JsonField field)
    {
        string name = field.Text();
        foreach (SplitBehavior behavior in Enum.GetValues<SplitBehavior>())
        {
            if (behavior.ToString() == name)
            {
                return behavior;
            }
        }

        throw field.Unsupported($"supported are {string.Join(", ", Enum.GetNames<SplitBehavior>())}");
    }
}
