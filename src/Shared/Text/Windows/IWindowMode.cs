namespace Workbench.Text.Windows;

/// <summary>A way of cutting documents into windows. A class that implements this is found by itself.</summary>
internal interface IWindowMode
{
    /// <summary>The name on command lines and in manifests.</summary>
    string Name { get; }

    /// <summary>What a window is, for help texts.</summary>
    string Description { get; }

    /// <summary>Whether a window may hold several documents.</summary>
    bool JoinsDocuments { get; }

    /// <summary>The windows in the order of text.</summary>
    IEnumerable<TextWindow> Cut(IEnumerable<TokenizedDocument> documents, WindowSettings settings);
}
