using System.Text.Json.Nodes;
using Workbench.Dictionaries;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Dictionaries;

public sealed class CrosscoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_saved_crosscoder_comes_back_the_same()
    {
        using var scope = NewDisposeScope();
        using Crosscoder saved = Sample();
        DictionaryLoader.Save(saved, _folder.Path);

        using var sut = (Crosscoder)DictionaryLoader.Load(_folder.Path);

        sut.Inputs.ShouldBe(saved.Inputs);
        sut.WeightsHash.ShouldBe(saved.WeightsHash);
        Tensor x = randn(7, 8, generator: new Generator(3));
        sut.Reconstruct(x).Equals(saved.Reconstruct(x)).ShouldBeTrue();
    }

    [Fact]
    public void A_latent_has_a_direction_at_every_hook()
    {
        using var scope = NewDisposeScope();
        using Crosscoder sut = Sample();

        cat([sut.Direction(4, 0), sut.Direction(4, 1)]).Equals(sut.Joint.Directions[4]).ShouldBeTrue();
        sut.DirectionNorms()[1, 4].item<float>().ShouldBe(sut.Direction(4, 1).norm().item<float>(), 1e-6f);
        Should.Throw<ArgumentOutOfRangeException>(() => sut.Direction(4, 2));
    }

    [Theory]
    [InlineData("[{\"hook\": \"a\", \"width\": 3}, {\"hook\": \"b\", \"width\": 6}]", "3 + 6")]
    [InlineData("[{\"hook\": \"a\", \"width\": 8, \"scale\": 2}]", "scale")]
    [InlineData("[]", "at least one hook")]
    [InlineData("null", "missing")]
    public void Hooks_that_do_not_fit_are_refused(string hooks, string expected)
    {
        using Crosscoder saved = Sample();
        DictionaryLoader.Save(saved, _folder.Path);
        JsonObject config = JsonNode.Parse(File.ReadAllText(_folder.At("cfg.json")))!.AsObject();
        config["hooks"] = JsonNode.Parse(hooks);
        File.WriteAllText(_folder.At("cfg.json"), config.ToJsonString());

        string message = Should.Throw<WorkbenchException>(() => DictionaryLoader.Load(_folder.Path)).Message;

        message.ShouldContain("cfg.json");
        message.ShouldContain(expected);
    }

    public void Dispose()
    {
        _folder.Dispose();
    }

    private static Crosscoder Sample()
    {
        using var scope = NewDisposeScope();
        var random = new Generator(2);
        var config = new SparseAutoencoderConfig { Architecture = SparseArchitecture.JumpRelu, Width = 8, Latents = 12, Hook = "a + b" };
        return new Crosscoder(
            [new DictionarySite("a", 3), new DictionarySite("b", 5)],
            new SparseAutoencoder(
                config,
                randn(8, 12, generator: random),
                randn(12, generator: random),
                randn(12, 8, generator: random),
                randn(8, generator: random),
                full(12, 0.2f)));
    }
}
