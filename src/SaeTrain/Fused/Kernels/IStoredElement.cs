namespace Workbench.SaeTrain.Fused.Kernels;

/// <summary>A number that lies in memory by itself.</summary>
internal unsafe interface IStoredElement : IElement
{
    /// <summary>Address of an element.</summary>
    static abstract void* At(void* first, long element);

    /// <summary>Asks for a row ahead of its use.</summary>
    static abstract void Expect(void* row, int width);
}
