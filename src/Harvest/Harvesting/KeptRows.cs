using Workbench.Activations;

namespace Workbench.Harvest.Harvesting;

/// <summary>Reads from the stored rows which positions of each sequence were kept, one sequence after the other.</summary>
internal sealed class KeptRows(ActivationStore store)
{
    private const int Chunk = 1 << 16;

    private readonly long[] _sequences = new long[(int)Math.Min(Chunk, store.Rows)];
    private readonly int[] _positions = new int[(int)Math.Min(Chunk, store.Rows)];
    private int _at;
    private int _end;

    /// <summary>The next sequence's first row.</summary>
    public long Next { get; private set; }

    /// <summary>The positions of the next sequence that have a row.</summary>
    /// <param name="sequence">The sequence as planned.</param>
    /// <param name="mayMiss">Whether a planned position may have none.</param>
    /// <exception cref="WorkbenchException">The rows are not those of the plan.</exception>
    public int[] Take(HarvestSequence sequence, bool mayMiss)
    {
        var kept = new List<int>(sequence.Rows);
        int planned = 0;
        while (Peek() is { } row && row.Sequence == sequence.Index)
        {
            while (planned < sequence.Rows && sequence.Kept[planned] < row.Position)
            {
                planned++;
            }

            if (planned == sequence.Rows || sequence.Kept[planned] != row.Position)
            {
                throw Unplanned(sequence, $"position {row.Position}, which was not planned");
            }

            kept.Add(row.Position);
            planned++;
            _at++;
            Next++;
        }

        return mayMiss || kept.Count == sequence.Rows
            ? [.. kept]
            : throw Unplanned(sequence, $"{kept.Count} rows where {sequence.Rows} were planned");
    }

    private (long Sequence, int Position)? Peek()
    {
        if (_at == _end)
        {
            _at = 0;
            _end = (int)Math.Min(_sequences.Length, store.Rows - Next);
            store.Places(Next, _sequences.AsSpan(0, _end), _positions.AsSpan(0, _end));
        }

        return _end == 0 ? null : (_sequences[_at], _positions[_at]);
    }

    private static WorkbenchException Unplanned(HarvestSequence sequence, string found)
    {
        return new WorkbenchException($"The shards hold of sequence {sequence.Index} {found}; delete the harvest's folder and harvest again.");
    }
}
