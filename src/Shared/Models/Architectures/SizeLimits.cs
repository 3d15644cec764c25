namespace Workbench.Models.Architectures;

/// <summary>Sizes beyond which a file is damaged and not large: nothing is allocated, counted or multiplied for what it claims.</summary>
internal static class SizeLimits
{
    public const int Layers = 10_000;

    public const int Heads = 10_000;

    public const int HeadDim = 1 << 16;

    public const int Width = 1 << 20;

    public const int Hidden = 1 << 26;
}
