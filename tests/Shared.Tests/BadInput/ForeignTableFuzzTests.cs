using Workbench.Activations.Vectors;
using Workbench.Shared.Tests.Fixtures;
using Workbench.Text.Corpora;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.BadInput;

/// <summary>Tables of other writers, damaged.</summary>
[Trait("Category", "BadInput")]
public sealed class ForeignTableFuzzTests
{
    [Fact]
    public void Damaged_Arrow_corpora_are_read_or_refused()
    {
        BadInputRun.Of("corpus.arrow", Seeds("js.arrow", "js-dictionary-stream.arrow", "polars-zstd.arrow", "js-large.arrow"), Damage.Bytes, Texts);
    }

    [Fact]
    public void Damaged_Arrow_vectors_are_read_or_refused()
    {
        BadInputRun.Of("vectors.arrow", Seeds("js-stream.arrow", "polars-lz4.arrow"), Damage.Bytes, path => Vectors(path, "emb"));
    }

    [Fact]
    public void Damaged_arrays_are_read_or_refused()
    {
        BadInputRun.Of("vectors.npy", Seeds("v1.npy", "v3.npy", "fortran.npy", "big-endian.npy", "deep.npy"), Damage.Bytes, path => Vectors(path, null));
    }

    private static byte[][] Seeds(params string[] names)
    {
        return [.. names.Select(name => File.ReadAllBytes(ForeignFile.Path(name)))];
    }

    private static void Texts(string path)
    {
        _ = CorpusRegistry.Records(path).Count();
    }

    private static void Vectors(string path, string? column)
    {
        using IVectorSource source = VectorFiles.Open(path, column);
        foreach (Tensor part in source.Parts())
        {
            part.Dispose();
        }
    }
}
