using System.Globalization;
using System.Runtime.InteropServices;
using Workbench.Activations;
using Workbench.Activations.Vectors;
using Workbench.Text.Corpora;
using Workbench.Workspaces;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Harvest.Importing;

/// <summary>Makes an ordinary harvest of vectors from elsewhere.</summary>
internal sealed class VectorImport(ImportRequest request, string id)
{
    public HarvestInfo Write(RunFolder folder, ProgressReporter progress, CancellationToken cancellation)
    {
        using IVectorSource source = VectorFiles.Open(request.From, request.Array);
        int[]? tokens = Tokens(source.Rows);
        using IEnumerator<Document>? texts = request.Texts is null ? null : CorpusRegistry.Records(request.Texts).GetEnumerator();
        using var harvest = new VectorHarvest(folder, Template(source));
        var rest = new List<float>();
        long row = 0;
        foreach (Tensor part in source.Parts())
        {
            cancellation.ThrowIfCancellationRequested();
            using (part)
            {
                rest.AddRange(MemoryMarshal.Cast<byte, float>(part.bytes));
            }

            row += Take(harvest, source, rest, row, tokens, texts);
            progress.Report("import", row, source.Rows, "rows");
        }

        if (texts?.MoveNext() == true)
        {
            throw Uneven(source, "more");
        }

        return harvest.Complete(progress, cancellation);
    }

    /// <summary>Hands over the whole sequences among the values read so far; returns their rows.</summary>
    private long Take(VectorHarvest harvest, IVectorSource source, List<float> values, long row, int[]? tokens, IEnumerator<Document>? texts)
    {
        int sequence = source.Positions * source.Width;
        int taken = 0;
        long first = row;
        for (; taken + sequence <= values.Count; taken += sequence, row += source.Positions)
        {
            int[] ids = tokens?[(int)row..(int)(row + source.Positions)] ?? new int[source.Positions];
            harvest.Add(Next(source, row, texts), ids, CollectionsMarshal.AsSpan(values).Slice(taken, sequence));
        }

        values.RemoveRange(0, taken);
        return row - first;
    }

    private Document Next(IVectorSource source, long row, IEnumerator<Document>? texts)
    {
        if (texts is not null)
        {
            return texts.MoveNext() ? texts.Current : throw Uneven(source, "fewer");
        }

        long number = row / source.Positions;
        string name = string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(request.From)}:{number}");
        return new Document(number, name, string.Empty, new Dictionary<string, string>());
    }

    private WorkbenchException Uneven(IVectorSource source, string word)
    {
        return new WorkbenchException(
            $"{request.Texts} has {word} records than {request.From} has {(source.Positions > 1 ? "sequences" : "vectors")} ({source.Rows / source.Positions}); expected one for each.");
    }

    private int[]? Tokens(long rows)
    {
        if (request.Tokens is null)
        {
            return null;
        }

        string[] parts = File.Exists(request.Tokens) ? [request.Tokens] : request.Tokens.Split(':');
        return parts.Length == 1 || (parts.Length == 2 && File.Exists(parts[0]))
            ? VectorFiles.TokenIds(parts[0], parts.Length == 2 ? parts[1] : null, rows)
            : throw new WorkbenchException($"--tokens '{request.Tokens}' is not found; expected FILE or FILE:ARRAY.");
    }

    private HarvestInfo Template(IVectorSource source)
    {
        const string None = "none";
        string hash = ContentHash.OfFile(request.From);
        return new HarvestInfo(
            HarvestInfo.CurrentFormatVersion, id, request.Model, Path.GetFullPath(request.From), hash, None, request.Texts ?? request.From, hash,
            [new HarvestHook(request.Hook, source.Width)], source.Positions, "never", 0, request.DType, "imported", 0, 0, 0, 0, []);
    }
}
