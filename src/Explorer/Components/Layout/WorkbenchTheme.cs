using MudBlazor;

namespace Workbench.Explorer.Components.Layout;

/// <summary>Shape and type of MudBlazor's components; their colours come from css/mud.css, which follows the page's theme without the server.</summary>
public static class WorkbenchTheme
{
    private static readonly string[] s_sans = ["Inter", "Segoe UI", "system-ui", "sans-serif"];

    public static MudTheme Theme { get; } = new()
    {
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = s_sans, FontSize = "14px", LineHeight = "1.45", LetterSpacing = "normal" },
            Body1 = new Body1Typography { FontFamily = s_sans, FontSize = "14px", LineHeight = "1.45", LetterSpacing = "normal" },
            Body2 = new Body2Typography { FontFamily = s_sans, FontSize = "14px", LineHeight = "1.45", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontFamily = s_sans, FontSize = "14px", FontWeight = "550", TextTransform = "none", LetterSpacing = "normal", LineHeight = "1.45" },
            Caption = new CaptionTypography { FontFamily = s_sans, FontSize = "12px", LetterSpacing = "normal" },
            H6 = new H6Typography { FontFamily = s_sans, FontSize = "16px", FontWeight = "600", LetterSpacing = "normal" },
        },
    };
}
