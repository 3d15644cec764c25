using System.Text.Json.Nodes;
using Workbench.Models.Weights;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Models.Weights;

public sealed class SafetensorsWeightsTests : IDisposable
{
    private const string Index = "model.safetensors.index.json";

    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
    }

    [Theory]
    [InlineData(ScalarType.Float64, 0)]
    [InlineData(ScalarType.Float32, 0)]
    [InlineData(ScalarType.Float16, 1e-3)]
    [InlineData(ScalarType.BFloat16, 1e-2)]
    public void Tensors_of_every_number_type_come_as_float32_in_memory_of_their_own(ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        Tensor values = tensor(new float[] { 1, -2.5f, 0.1f, 3e4f });
        Write("model.safetensors", ("a", values.to(type)));
        using SafetensorsWeights sut = SafetensorsWeights.Open(_folder.Path);
        sut.StoredType("a").ShouldBe(type);
        Tensor loaded = sut.Load("a");
        File.WriteAllBytes(_folder.At("model.safetensors"), []);
        loaded.dtype.ShouldBe(ScalarType.Float32);
        TensorAssert.CloseTo(ones(4), loaded / values, Math.Max(tolerance, 1e-7), type.ToString());
    }

    [Fact]
    public void Numbers_that_are_no_weights_are_refused()
    {
        using var scope = NewDisposeScope();
        Write("model.safetensors", ("a", ones(3, ScalarType.Int32)));
        using SafetensorsWeights sut = SafetensorsWeights.Open(_folder.Path);
        Should.Throw<WorkbenchException>(() => sut.Load("a")).Message.ShouldContain("tensor 'a' is stored as Int32");
    }

    [Fact]
    public void Shards_are_read_by_their_index_and_a_single_file_counts_before_them()
    {
        using var scope = NewDisposeScope();
        Write("model-00001-of-00002.safetensors", ("a", ones(2)), ("b", ones(3)));
        Write("model-00002-of-00002.safetensors", ("c", ones(4)));
        WriteIndex(("a", "model-00001-of-00002.safetensors"), ("b", "model-00001-of-00002.safetensors"), ("c", "model-00002-of-00002.safetensors"));
        using (SafetensorsWeights shards = SafetensorsWeights.Open(_folder.Path))
        {
            shards.Names.Order().ShouldBe(["a", "b", "c"]);
            shards.WeightFiles.Count.ShouldBe(2);
            shards.Load("c").shape.ShouldBe([4]);
        }

        Write("model.safetensors", ("d", ones(1)));
        using SafetensorsWeights single = SafetensorsWeights.Open(_folder.Path);
        single.Names.ShouldBe(["d"]);
    }

    [Fact]
    public void An_index_that_does_not_say_what_the_shards_hold_is_refused()
    {
        using var scope = NewDisposeScope();
        Write("x.safetensors", ("a", ones(2)), ("b", ones(3)));
        Write("y.safetensors", ("c", ones(2)));
        Refused("'z.safetensors'", ("a", "x.safetensors"), ("b", "x.safetensors"), ("c", "z.safetensors"));
        Refused("'../y.safetensors'", ("a", "x.safetensors"), ("b", "x.safetensors"), ("c", "../y.safetensors"));
        Refused("'d'", ("a", "x.safetensors"), ("b", "x.safetensors"), ("c", "y.safetensors"), ("d", "y.safetensors"));
        Refused("'b'", ("a", "x.safetensors"), ("c", "y.safetensors"));
        Refused("'b'", ("a", "x.safetensors"), ("b", "y.safetensors"), ("c", "y.safetensors"));
        Write("y.safetensors", ("a", ones(2)));
        Refused("tensor 'a', which another shard holds too", ("a", "x.safetensors"), ("b", "x.safetensors"), ("c", "y.safetensors"));
        File.WriteAllText(_folder.At(Index), "{}");
        Should.Throw<WorkbenchException>(() => SafetensorsWeights.Open(_folder.Path)).Message.ShouldContain("'weight_map'");
    }

    [Fact]
    public void Shards_without_an_index_are_named()
    {
        using var scope = NewDisposeScope();
        Write("model-00001-of-00002.safetensors", ("a", ones(2)));
        string message = Should.Throw<WorkbenchException>(() => SafetensorsWeights.Open(_folder.Path)).Message;
        message.ShouldContain(Index);
        message.ShouldContain("model-00001-of-00002.safetensors");
    }

    private void Refused(string named, params (string Tensor, string File)[] map)
    {
        WriteIndex(map);
        string message = Should.Throw<WorkbenchException>(() => SafetensorsWeights.Open(_folder.Path)).Message;
        message.ShouldContain(named);
        message.ShouldContain(_folder.Path);
    }

    private void WriteIndex(params (string Tensor, string File)[] map)
    {
        var weights = new JsonObject(map.Select(entry => KeyValuePair.Create<string, JsonNode?>(entry.Tensor, entry.File)));
        File.WriteAllText(_folder.At(Index), new JsonObject { ["metadata"] = new JsonObject { ["total_size"] = 1 }, ["weight_map"] = weights }.ToJsonString());
    }

    private void Write(string name, params (string, Tensor)[] tensors)
    {
        using FileStream file = File.Create(_folder.At(name));
        SafetensorsWriter.Write(file, tensors);
    }
}
