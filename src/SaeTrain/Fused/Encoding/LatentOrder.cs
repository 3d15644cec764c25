using Workbench.SaeTrain.Fused.Kernels;

namespace Workbench.SaeTrain.Fused.Encoding;

/// <summary>The entries of a batch in the order of their latents, and of rows within a latent.</summary>
internal sealed unsafe class LatentOrder(int latents) : IDisposable
{
    private readonly NativeBuffer<int> _starts = new(latents + 1);
    private readonly NativeBuffer<int> _next = new(latents);
    private readonly NativeBuffer<int> _rows = new();
    private readonly NativeBuffer<float> _values = new();
    private readonly NativeBuffer<float> _pulls = new();

    /// <summary>Sorts entries by counting; entries that take part in no gradient are left out.</summary>
    public void Sort(RowEntries entries)
    {
        int* starts = _starts.Pointer;
        _starts.Clear(latents + 1);
        int count = entries.Count;
        int total = 0;
        for (int entry = 0; entry < count; entry++)
        {
            int counted = entries.Values[entry] != 0 || entries.Pulls[entry] != 0 ? 1 : 0;
            starts[entries.Latents[entry] + 1] += counted;
            total += counted;
        }

        for (int latent = 0; latent < latents; latent++)
        {
            starts[latent + 1] += starts[latent];
        }

        _rows.Require(total);
        _values.Require(total);
        _pulls.Require(total);
        Buffer.MemoryCopy(starts, _next.Pointer, latents * sizeof(int), latents * sizeof(int));
        for (int row = 0; row < entries.Rows; row++)
        {
            for (int entry = entries.Offsets[row]; entry < entries.Offsets[row + 1]; entry++)
            {
                if (entries.Values[entry] != 0 || entries.Pulls[entry] != 0)
                {
                    int place = _next.Pointer[entries.Latents[entry]]++;
                    _rows.Pointer[place] = row;
                    _values.Pointer[place] = entries.Values[entry];
                    _pulls.Pointer[place] = entries.Pulls[entry];
                }
            }
        }
    }

    /// <summary>The entries of a latent.</summary>
    public EntryRun Of(int latent)
    {
        int start = _starts.Pointer[latent];
        return new EntryRun
        {
            Rows = _rows.Pointer + start,
            Values = _values.Pointer + start,
            Pulls = _pulls.Pointer + start,
            Count = _starts.Pointer[latent + 1] - start,
        };
    }

    public void Dispose()
    {
        _starts.Dispose();
        _next.Dispose();
        _rows.Dispose();
        _values.Dispose();
        _pulls.Dispose();
    }
}
