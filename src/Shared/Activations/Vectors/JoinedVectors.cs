using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Activations.Vectors;

/// <summary>The vectors of several files of one kind, one file after the other; one is open at a time.</summary>
internal sealed class JoinedVectors : IVectorSource
{
    private readonly IReadOnlyList<string> _paths;
    private readonly string? _name;
    private readonly long[] _rows;

    public JoinedVectors(IReadOnlyList<string> paths, string? name)
    {
        _paths = paths;
        _name = name;
        _rows = new long[paths.Count];
        for (int i = 0; i < paths.Count; i++)
        {
            using IVectorSource source = VectorFiles.Open(paths[i], name);
            if (i == 0)
            {
                (Width, Positions) = (source.Width, source.Positions);
            }
            else if ((source.Width, source.Positions) != (Width, Positions))
            {
                throw new WorkbenchException($"{paths[i]} has {Shape(source.Width, source.Positions)} where {paths[0]} has {Shape(Width, Positions)}; import them by themselves.");
            }

            _rows[i] = source.Rows;
        }
    }

    public int Width { get; }

    public long Rows => _rows.Sum();

    public int Positions { get; }

    public IEnumerable<Tensor> Parts(long firstRow)
    {
        long start = firstRow;
        for (int i = 0; i < _paths.Count; i++)
        {
            if (start >= _rows[i])
            {
                start -= _rows[i];
                continue;
            }

            using IVectorSource source = VectorFiles.Open(_paths[i], _name);
            foreach (Tensor part in source.Parts(start))
            {
                yield return part;
            }

            start = 0;
        }
    }

    public void Dispose()
    {
    }

    private static string Shape(int width, int positions)
    {
        return positions == 1 ? $"vectors of {width}" : $"sequences of {positions} vectors of {width}";
    }
}
