using Shouldly;
using TorchSharp;
using Workbench.Activations;
using Workbench.Harvest.Embedding;
using Workbench.Harvest.Harvesting;
using Workbench.Harvest.Tests.Harvesting;
using Workbench.Workspaces;
using Xunit;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Harvest.Tests.Embedding;

public sealed class DocumentEmbeddingTests : IDisposable
{
    private const string Hook = "blocks.1.hook_resid_post";

    private readonly HarvestSample _sample = new(documents: 40);

    public void Dispose()
    {
        _sample.Dispose();
    }

    [Theory]
    [InlineData("mean")]
    [InlineData("last")]
    [InlineData("cls")]
    public void A_vector_is_what_the_documents_rows_pool_to(string pool)
    {
        // Of every document the harvest has all positions of its first window; the vectors must follow from them.
        HarvestRequest request = _sample.Request(100_000) with { Hooks = [Hook], ExcludeLeading = 0, DType = StorageType.Float32, Precision = "float32", Context = 48 };
        HarvestSampleRun.Execute(_sample, "W", request);
        Embed(Enum.Parse<Pooling>(pool, ignoreCase: true), request);

        using Activations.Harvest rows = Activations.Harvest.Open(_sample.At("W", "harvests", HarvestSampleRun.Id));
        using Activations.Harvest vectors = Activations.Harvest.Open(_sample.At("W", "harvests", pool));
        vectors.Info.Rows.ShouldBe(rows.Info.Documents);
        using var scope = NewDisposeScope();
        for (int i = 0; i < vectors.Info.Rows; i++)
        {
            DocumentEntry document = vectors.Documents.Find(i)!;
            long sequence = rows.Documents.Ids.Select(id => rows.Documents.Find(id)!).Single(entry => entry.Name == document.Name).FirstSequence;
            int length = rows.Sequences.Tokens(sequence).Length;
            Tensor all = Read(rows, rows.Sequences.FirstRow(sequence), length);
            Tensor expected = pool switch
            {
                "mean" => all.narrow(0, 1, length - 1).mean([0]),
                "last" => all[length - 1],
                _ => all[0],
            };
            Tensor found = Read(vectors, i, 1)[0];
            (found - expected).abs().max().item<float>().ShouldBeLessThan(1e-5f * Math.Max(1, expected.abs().max().item<float>()));
            document.Text.Length.ShouldBeGreaterThan(0);
        }
    }

    private static Tensor Read(Activations.Harvest harvest, long first, int rows)
    {
        ActivationStore store = harvest.Store(harvest.Info.Hooks[0].Name);
        Tensor values = empty(rows, store.Width);
        store.Read(first, values);
        return values;
    }

    private void Embed(Pooling pool, HarvestRequest request)
    {
        var workspace = new Workspace(_sample.At("W"));
        var wanted = new EmbedRequest(request.Model, request.Corpus, Hook, pool, request.Context, 0, StorageType.Float32, "cpu", "float32");
        new EmbedRun(workspace, pool.ToString().ToLowerInvariant(), wanted, null).Execute(default);
    }
}
