using System.Globalization;
using Microsoft.AspNetCore.Components;
using Workbench.Explorer.Data;
using Workbench.Explorer.Models;
using Workbench.Interventions;

namespace Workbench.Explorer.Components.Controls;

/// <summary>One feature of an edit: how strong, what is done, and the formula with its numbers.</summary>
public partial class EditRow
{
    private const double LeastReach = 3;

    [Parameter, EditorRequired]
    public FeatureSpace Space { get; set; } = default!;

    [Parameter, EditorRequired]
    public SteeringEdit Edit { get; set; } = default!;

    [Parameter]
    public string? Label { get; set; }

    [Parameter]
    public EventCallback<SteeringEdit> EditChanged { get; set; }

    [Parameter]
    public EventCallback OnRemove { get; set; }

    private double Reach => Math.Max(LeastReach, Math.Ceiling(Math.Abs(Edit.Strength)));

    private string Amount => $"{Show.Signed(Edit.Strength)} {(Edit.Operation == EditOperation.Scale ? "times its activation" : "times its maximum")}";

    /// <summary>The track is coloured from the middle to the thumb.</summary>
    private string Fill
    {
        get
        {
            double end = 50 + (Edit.Strength / Reach * 50);
            return string.Create(CultureInfo.InvariantCulture, $"--from:{Math.Min(50, end):0.#}%;--to:{Math.Max(50, end):0.#}%");
        }
    }

    private string Formula
    {
        get
        {
            string max = Show.Fixed(Space.Index.Max[Edit.Latent]);
            string amount = $"{Show.Fixed(Edit.Strength)} · {max}";
            return Edit.Operation switch
            {
                EditOperation.Add => $"x′ = x + {amount} d",
                EditOperation.Clamp => $"x′ = x + ({amount} − z) d",
                EditOperation.Scale => $"x′ = x + ({Show.Fixed(Edit.Strength)} − 1) z d",
                EditOperation.Zero => "x′ = x − z d",
                EditOperation.ProjectOut => "x′ = x − (x·d / |d|²) d",
                _ => $"x′ = x + (min(z, {amount}) − z) d",
            };
        }
    }

    /// <summary>Where the formula holds; left unsaid for a dictionary of one hook.</summary>
    private string Places
    {
        get
        {
            if (SteeringHooks.Sentence(Space) is null)
            {
                return string.Empty;
            }

            try
            {
                return " at " + string.Join(", ", SteeringHooks.Of(Space, Edit.Latent));
            }
            catch (WorkbenchException refused)
            {
                return ": " + refused.Message;
            }
        }
    }

    private static string Name(EditOperation operation)
    {
        return operation switch
        {
            EditOperation.ProjectOut => "project out",
            _ => operation.ToString().ToLowerInvariant(),
        };
    }

    private static string Text(double value)
    {
        return value.ToString("0.##", CultureInfo.InvariantCulture);
    }

    private async Task Move(ChangeEventArgs change)
    {
        if (double.TryParse(change.Value?.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double strength) && double.IsFinite(strength))
        {
            await EditChanged.InvokeAsync(Edit with { Strength = Math.Clamp(strength, -100, 100) });
        }
    }

    private async Task Choose(ChangeEventArgs change)
    {
        if (Enum.TryParse(change.Value?.ToString(), out EditOperation operation))
        {
            await EditChanged.InvokeAsync(Edit with { Operation = operation });
        }
    }
}
