namespace Workbench.SaeTrain.Fused.Selection;

/// <summary>Chosen entries of a few consecutive rows, filled by one thread at a time, with that thread's scratch memory.</summary>
internal sealed unsafe class EntryPart : IDisposable
{
    private readonly NativeBuffer<int> _latents = new(256);
    private readonly NativeBuffer<float> _preActivations = new(256);

    public EntryPart(int firstRow, int rows, int scratch)
    {
        FirstRow = firstRow;
        Ends = new int[rows];
        Scratch = scratch;
        Found = new NativeBuffer<int>(scratch);
        Keys = new ulong[scratch];
    }

    /// <summary>First of the rows.</summary>
    public int FirstRow { get; }

    /// <summary>End of each row's entries.</summary>
    public int[] Ends { get; }

    /// <summary>Entries of all rows so far.</summary>
    public int Count { get; private set; }

    /// <summary>Latents of the entries, ascending in a row.</summary>
    public int* Latents => _latents.Pointer;

    /// <summary>Their pre-activations.</summary>
    public float* PreActivations => _preActivations.Pointer;

    /// <summary>Room for columns that a scan found.</summary>
    public NativeBuffer<int> Found { get; }

    /// <summary>Room for their keys.</summary>
    public ulong[] Keys { get; }

    /// <summary>Columns and keys that there is room for.</summary>
    public int Scratch { get; }

    /// <summary>A threshold that the next row is likely to need, which saves work and changes no result.</summary>
    public float Guess { get; set; }

    /// <summary>Share of a row's least chosen score that is the next row's guess.</summary>
    public float Caution { get; set; } = 0.75f;

    public void Begin()
    {
        Count = 0;
    }

    public void Add(int latent, float preActivation)
    {
        if (Count == _latents.Length)
        {
            _latents.Grow(Count);
            _preActivations.Grow(Count);
        }

        _latents.Pointer[Count] = latent;
        _preActivations.Pointer[Count++] = preActivation;
    }

    public void EndRow(int row)
    {
        Ends[row - FirstRow] = Count;
    }

    /// <summary>Drops the entries of a row from a place on, for a second look at the row.</summary>
    public void Keep(int count)
    {
        Count = count;
    }

    public void Dispose()
    {
        _latents.Dispose();
        _preActivations.Dispose();
        Found.Dispose();
    }
}
