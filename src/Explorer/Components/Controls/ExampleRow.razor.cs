using Microsoft.AspNetCore.Components;
using Workbench.Activations;
using Workbench.Explorer.Data;
using Workbench.Explorer.Models;
using Workbench.Features;

namespace Workbench.Explorer.Components.Controls;

/// <summary>One example: its peak, its tokens around the peak, the document it is from.</summary>
public partial class ExampleRow
{
    private IReadOnlyList<TokenView> _tokens = [];
    private bool _cut;
    private bool _cutEnd;
    private string _name = string.Empty;
    private string? _title;

    [Parameter, EditorRequired]
    public FeatureSpace Space { get; set; } = default!;

    [Parameter, EditorRequired]
    public FeatureExample Example { get; set; } = default!;

    /// <summary>The feature's largest activation.</summary>
    [Parameter]
    public float Maximum { get; set; }

    /// <summary>Tokens shown on either side of the peak.</summary>
    [Parameter]
    public int Width { get; set; }

    protected override void OnParametersSet()
    {
        IReadOnlyList<string> texts = Space.Texts(Example.Tokens);
        int first = Math.Max(0, Example.Peak - Width);
        int last = Math.Min(texts.Count - 1, Example.Peak + Width);
        _cut = first > 0;
        _cutEnd = last < texts.Count - 1;
        _tokens = [.. Enumerable.Range(first, last - first + 1).Select(i => new TokenView(texts[i], Example.Activations[i], i == Example.Peak))];
        DocumentEntry? document = Space.Document(Example.Document);
        _name = document?.Name ?? $"document {Example.Document}";
        _title = document is null ? _name : string.Join(" · ", [document.Name, .. document.Labels.Select(label => $"{label.Key}: {label.Value}")]);
    }
}
