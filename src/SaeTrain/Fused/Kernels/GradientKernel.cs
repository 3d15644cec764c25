using Workbench.SaeTrain.Fused.Lanes;

namespace Workbench.SaeTrain.Fused.Kernels;

/// <summary>Sums the gradients of one latent's two rows over its entries, on top of what is there.</summary>
internal static unsafe class GradientKernel
{
    /// <summary>Accumulates.</summary>
    /// <param name="run">The latent's entries.</param>
    /// <param name="errors">Gradients of the reconstruction [rows, width], in the element's number type.</param>
    /// <param name="inputs">Centred inputs [rows, width], likewise.</param>
    /// <param name="width">Length of a row.</param>
    /// <param name="decoder">Gains <c>sum values * errors</c> [width].</param>
    /// <param name="encoder">Gains <c>sum pulls * inputs</c> [width].</param>
    public static void Run<TLanes, TVector, TElement>(in EntryRun run, void* errors, void* inputs, int width, float* decoder, float* encoder)
        where TLanes : ILanes<TVector>
        where TVector : unmanaged
        where TElement : IStoredElement
    {
        int column = Quads<TLanes, TVector, TElement>(run, errors, inputs, width, decoder, encoder);
        column = Singles<TLanes, TVector, TElement>(run, errors, inputs, width, decoder, encoder, column);
        _ = Singles<SingleLane, float, TElement>(run, errors, inputs, width, decoder, encoder, column);
    }

    private static int Quads<TLanes, TVector, TElement>(in EntryRun run, void* errors, void* inputs, int width, float* decoder, float* encoder)
        where TLanes : ILanes<TVector>
        where TVector : unmanaged
        where TElement : IStoredElement
    {
        int lanes = TLanes.Count;
        int column = 0;
        int* rows = run.Rows;
        float* values = run.Values;
        float* pulls = run.Pulls;
        int count = run.Count;
        for (; column <= width - (4 * lanes); column += 4 * lanes)
        {
            float* d = decoder + column;
            float* e = encoder + column;
            TVector d0 = TLanes.Load(d);
            TVector d1 = TLanes.Load(d + lanes);
            TVector d2 = TLanes.Load(d + (2 * lanes));
            TVector d3 = TLanes.Load(d + (3 * lanes));
            TVector e0 = TLanes.Load(e);
            TVector e1 = TLanes.Load(e + lanes);
            TVector e2 = TLanes.Load(e + (2 * lanes));
            TVector e3 = TLanes.Load(e + (3 * lanes));
            for (int entry = 0; entry < count; entry++)
            {
                void* error = TElement.At(errors, (long)rows[entry] * width);
                void* input = TElement.At(inputs, (long)rows[entry] * width);
                TVector value = TLanes.Create(values[entry]);
                TVector pull = TLanes.Create(pulls[entry]);
                d0 = TLanes.MultiplyAdd(TElement.Load<TLanes, TVector>(error, column), value, d0);
                d1 = TLanes.MultiplyAdd(TElement.Load<TLanes, TVector>(error, column + lanes), value, d1);
                d2 = TLanes.MultiplyAdd(TElement.Load<TLanes, TVector>(error, column + (2 * lanes)), value, d2);
                d3 = TLanes.MultiplyAdd(TElement.Load<TLanes, TVector>(error, column + (3 * lanes)), value, d3);
                e0 = TLanes.MultiplyAdd(TElement.Load<TLanes, TVector>(input, column), pull, e0);
                e1 = TLanes.MultiplyAdd(TElement.Load<TLanes, TVector>(input, column + lanes), pull, e1);
                e2 = TLanes.MultiplyAdd(TElement.Load<TLanes, TVector>(input, column + (2 * lanes)), pull, e2);
                e3 = TLanes.MultiplyAdd(TElement.Load<TLanes, TVector>(input, column + (3 * lanes)), pull, e3);
            }

            TLanes.Store(d0, d);
            TLanes.Store(d1, d + lanes);
            TLanes.Store(d2, d + (2 * lanes));
            TLanes.Store(d3, d + (3 * lanes));
            TLanes.Store(e0, e);
            TLanes.Store(e1, e + lanes);
            TLanes.Store(e2, e + (2 * lanes));
            TLanes.Store(e3, e + (3 * lanes));
        }

        return column;
    }

    private static int Singles<TLanes, TVector, TElement>(in EntryRun run, void* errors, void* inputs, int width, float* decoder, float* encoder, int column)
        where TLanes : ILanes<TVector>
        where TVector : unmanaged
        where TElement : IStoredElement
    {
        for (; column <= width - TLanes.Count; column += TLanes.Count)
        {
            TVector d = TLanes.Load(decoder + column);
            TVector e = TLanes.Load(encoder + column);
            for (int entry = 0; entry < run.Count; entry++)
            {
                long row = (long)run.Rows[entry] * width;
                d = TLanes.MultiplyAdd(TElement.Load<TLanes, TVector>(TElement.At(errors, row), column), TLanes.Create(run.Values[entry]), d);
                e = TLanes.MultiplyAdd(TElement.Load<TLanes, TVector>(TElement.At(inputs, row), column), TLanes.Create(run.Pulls[entry]), e);
            }

            TLanes.Store(d, decoder + column);
            TLanes.Store(e, encoder + column);
        }

        return column;
    }
}
