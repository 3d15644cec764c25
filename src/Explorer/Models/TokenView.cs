namespace Workbench.Explorer.Models;

/// <summary>One token on a page, with the activation to colour it by.</summary>
public sealed record TokenView(string Text, float Activation, bool IsPeak);
