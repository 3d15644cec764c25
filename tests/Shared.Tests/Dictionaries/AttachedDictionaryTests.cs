using System.Text.Json;
using Workbench.Dictionaries;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Tests.Dictionaries;

public sealed class AttachedDictionaryTests
{
    private static readonly string[] s_hooks = ["blocks.0.hook_resid_post", "blocks.2.hook_resid_post", "blocks.3.hook_resid_post"];

    [Fact]
    public void Joined_hooks_come_apart_again()
    {
        using var scope = NewDisposeScope();
        var sut = new JoinedHooks([.. s_hooks[..2].Select(Models.HookPoint.Parse)], [3, 5]);
        Tensor[] parts = [randn(4, 3), randn(4, 5)];

        Tensor joined = sut.Join(parts);

        joined.shape.ShouldBe([4, 8]);
        sut.Part(joined, 0).Equals(parts[0]).ShouldBeTrue();
        sut.Part(joined, 1).Equals(parts[1]).ShouldBeTrue();
        sut.Name.ShouldBe("blocks.0.hook_resid_post + blocks.2.hook_resid_post");
    }

    [Fact]
    public void A_multi_layer_dictionary_encodes_each_hook_of_a_token_by_itself()
    {
        using var scope = NewDisposeScope();
        using SparseAutoencoder dictionary = Sample(new Dictionary<string, JsonElement> { ["hook_names"] = JsonSerializer.SerializeToElement(s_hooks) });
        Tensor[] parts = [.. s_hooks.Select((_, hook) => randn(5, 6, generator: new Generator((ulong)hook)))];

        AttachedDictionary sut = AttachedDictionary.Attach(dictionary, "it");

        sut.RowsPerToken.ShouldBe(3);
        sut.Writes.ShouldBeSameAs(sut.Reads);
        Tensor joined = sut.Reads.Join(parts);
        SparseCode code = sut.Encode(joined);
        Tensor reconstruction = sut.Reconstruct(joined, code);
        for (int hook = 0; hook < parts.Length; hook++)
        {
            SparseCode alone = dictionary.EncodeSparse(parts[hook]);
            sut.Reads.Part(reconstruction, hook).allclose(dictionary.Reconstruct(parts[hook], alone)).ShouldBeTrue();
            for (int token = 0; token < 5; token++)
            {
                code.RowIndices((token * 3) + hook).ToArray().ShouldBe(alone.RowIndices(token).ToArray());
            }
        }
    }

    [Fact]
    public void An_autoencoder_reads_and_writes_one_hook()
    {
        using SparseAutoencoder dictionary = Sample([]);

        AttachedDictionary sut = AttachedDictionary.Attach(dictionary, "it");

        sut.RowsPerToken.ShouldBe(1);
        sut.Reads.Name.ShouldBe(s_hooks[0]);
        sut.Reads.Width.ShouldBe(6);
    }

    private static SparseAutoencoder Sample(Dictionary<string, JsonElement> facts)
    {
        using var scope = NewDisposeScope();
        var random = new Generator(2);
        var config = new SparseAutoencoderConfig { Architecture = SparseArchitecture.TopK, Width = 6, Latents = 12, K = 3, Hook = s_hooks[0], Metadata = facts };
        return new SparseAutoencoder(config, randn(6, 12, generator: random), randn(12, generator: random), randn(12, 6, generator: random), randn(6, generator: random));
    }
}
