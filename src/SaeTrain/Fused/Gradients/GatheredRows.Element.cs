using Workbench.SaeTrain.Fused.Kernels;

namespace Workbench.SaeTrain.Fused.Gradients;

/// <inheritdoc/>
internal sealed unsafe class GatheredRows<TElement>(FusedContext context) : GatheredRows
    where TElement : IStoredElement
{
    private const int MostExpected = 64;

    private readonly int _width = context.Width;
    private void* _inputs;
    private void* _errors;
    private long _plane;

    public override void Begin(DecodePass decoded)
    {
        _inputs = context.Product.Rows;
        _errors = decoded.Errors;
        _plane = (long)context.Entries.Rows * _width;
    }

    public override void Sum(in EntryRun run, int plane, in LatentRows rows)
    {
        context.Kernels.Gradient<TElement>(run, TElement.At(_errors, plane * _plane), _inputs, _width, rows.Decoder, rows.Encoder);
    }

    public override void Expect(in EntryRun run, int plane)
    {
        void* errors = TElement.At(_errors, plane * _plane);
        for (int entry = 0; entry < Math.Min(run.Count, MostExpected); entry++)
        {
            long offset = (long)run.Rows[entry] * _width;
            TElement.Expect(TElement.At(errors, offset), _width);
            TElement.Expect(TElement.At(_inputs, offset), _width);
        }
    }
}
