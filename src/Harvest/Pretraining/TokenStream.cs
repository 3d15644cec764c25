using TorchSharp;
using static TorchSharp.torch;

namespace Workbench.Harvest.Pretraining;

/// <summary>Documents laid end to end, each behind a separator, and cut into windows of context + 1 tokens.</summary>
internal sealed class TokenStream
{
    private readonly ushort[] _tokens;
    private readonly int _context;

    public TokenStream(IEnumerable<int[]> documents, int context)
    {
        var tokens = new List<ushort>();
        foreach (int[] document in documents)
        {
            tokens.Add(LlamaConfigFile.SeparatorId);
            tokens.AddRange(document.Select(id => checked((ushort)id)));
        }

        _tokens = [.. tokens];
        _context = context;
        if (_tokens.Length < (2 * context) + 1)
        {
            throw new WorkbenchException($"The corpus gives {_tokens.Length:N0} tokens, expected at least {(2 * context) + 1:N0}; use a larger corpus or a shorter context.");
        }
    }

    /// <summary>Tokens in all.</summary>
    public long Count => _tokens.Length;

    /// <summary>Windows an epoch has; one is lost to the random start.</summary>
    public int Windows => ((_tokens.Length - 1) / _context) - 1;

    /// <summary>
    /// The batch of a step: windows in an order drawn anew each epoch, from a start drawn anew each epoch. It depends on seed and
    /// step alone, so a resumed run needs no more than its step.
    /// </summary>
    /// <returns>int64 [batch, context + 1].</returns>
    public Tensor Batch(long step, int batch, int seed)
    {
        var rows = new long[batch * (_context + 1)];
        for (int row = 0; row < batch; row++)
        {
            long sample = (step * batch) + row;
            long epoch = sample / Windows;
            var permutation = new EpochPermutation(Windows, seed, epoch);
            int start = permutation.Start(_context) + (permutation[(int)(sample % Windows)] * _context);
            Copy(start, rows.AsSpan(row * (_context + 1), _context + 1));
        }

        return tensor(rows, [batch, _context + 1]);
    }

    /// <summary>Windows in order of the text, for evaluation.</summary>
    /// <returns>int64 [count, context + 1].</returns>
    public Tensor InOrder(int first, int count)
    {
        var rows = new long[count * (_context + 1)];
        for (int row = 0; row < count; row++)
        {
            Copy((first + row) * _context, rows.AsSpan(row * (_context + 1), _context + 1));
        }

        return tensor(rows, [count, _context + 1]);
    }

    private void Copy(int start, Span<long> row)
    {
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = _tokens[start + i];
        }
    }
}
