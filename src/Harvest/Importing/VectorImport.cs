using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Workbench.Activations;
using Workbench.Activations.Vectors;
using Workbench.Text.Corpora;
using Workbench.Workspaces;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Harvest.Importing;

/// <summary>Makes an ordinary harvest of vectors from elsewhere.</summary>
internal sealed class VectorImport(ImportRequest request, ImportInputs inputs, string id) : IVectorProduction
{
    public int? ShardRows => request.ShardRows;

    public HarvestInfo Describe()
    {
        const string None = "none";
        using IVectorSource source = VectorFiles.Open(inputs.Vectors, request.Array);
        string from = string.Join(", ", request.From.Select(Path.GetFullPath));
        return new HarvestInfo(
            HarvestInfo.CurrentFormatVersion, id, request.Model, from, inputs.VectorHash, None, request.Texts ?? from, inputs.VectorHash,
            [new HarvestHook(request.Hook, source.Width)], source.Positions, "never", 0, request.DType, "imported", 0, 0, 0, 0, []);
    }

    public void Write(VectorHarvest harvest, ProgressReporter progress, CancellationToken cancellation)
    {
        using IVectorSource source = VectorFiles.Open(inputs.Vectors, request.Array);
        using TokenReader? tokens = request.Tokens is null ? null : OpenTokens(request.Tokens, source.Rows);
        using IEnumerator<Document>? texts = request.Texts is null ? null : CorpusRegistry.Records(request.Texts).GetEnumerator();
        int[] ids = new int[source.Positions];
        long row = 0;
        for (; row + source.Positions <= harvest.Kept; row += source.Positions)
        {
            tokens?.Read(ids);
            harvest.Add(Next(source, row, texts), ids, source.Positions, []);
        }

        foreach (Tensor part in source.Parts(row))
        {
            cancellation.ThrowIfCancellationRequested();
            using (part)
            {
                ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(part.bytes);
                RequireFinite(values, source.Width, row);
                for (int sequence = source.Positions * source.Width; values.Length > 0; values = values[sequence..], row += source.Positions)
                {
                    tokens?.Read(ids);
                    harvest.Add(Next(source, row, texts), ids, source.Positions, values[..sequence]);
                }
            }

            progress.Report("import", row, source.Rows, "rows");
        }

        if (texts?.MoveNext() == true)
        {
            throw Uneven(source, "more");
        }
    }

    private Document Next(IVectorSource source, long row, IEnumerator<Document>? texts)
    {
        if (texts is not null)
        {
            return texts.MoveNext() ? texts.Current : throw Uneven(source, "fewer");
        }

        long number = row / source.Positions;
        string name = string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(request.From[0]))}:{number}");
        return new Document(number, name, string.Empty, new Dictionary<string, string>());
    }

    private WorkbenchException Uneven(IVectorSource source, string word)
    {
        return new WorkbenchException(
            $"{request.Texts} has {word} records than {string.Join(", ", request.From)} has {(source.Positions > 1 ? "sequences" : "vectors")} ({source.Rows / source.Positions}); expected one for each.");
    }

    private void RequireFinite(ReadOnlySpan<float> values, int width, long firstRow)
    {
        if (TensorPrimitives.IsFiniteAll(values))
        {
            return;
        }

        int at = 0;
        while (float.IsFinite(values[at]))
        {
            at++;
        }

        throw new WorkbenchException(string.Create(
            CultureInfo.InvariantCulture,
            $"{string.Join(", ", request.From)} has {values[at]} in row {firstRow + (at / width)}, place {at % width}; expected finite numbers within float32: leave such rows out."));
    }

    private static TokenReader OpenTokens(string tokens, long rows)
    {
        string path = ImportInputs.TokenPath(tokens);
        return TokenReader.Open(path, tokens.Length > path.Length ? tokens[(path.Length + 1)..] : null, rows);
    }
}
