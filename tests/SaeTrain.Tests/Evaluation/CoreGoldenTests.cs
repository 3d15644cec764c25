using System.Text.Json;
using Shouldly;
using Workbench.Dictionaries;
using Workbench.SaeTrain.Evaluation;
using Workbench.Testing;
using Xunit;
using static TorchSharp.torch;

namespace Workbench.SaeTrain.Tests.Evaluation;

/// <summary>Every number of every definition of <c>evals/core</c>, for every dictionary of the folder.</summary>
[Trait("Category", "Golden")]
public sealed class CoreGoldenTests
{
    private const string PerLatent = "latents";
    private const string Margin = "smallest_selection_margin";
    private const double Absolute = 1e-8;

    public static IEnumerable<TheoryDataRow<string>> DictionaryNames()
    {
        string folder = Path.Combine(Golden.Root, "evals", "core");
        return Directory.Exists(folder)
            ? Directory.GetDirectories(folder, CoreGoldenCase.DictionaryPrefix + "*")
                .Select(path => Path.GetFileName(path)[CoreGoldenCase.DictionaryPrefix.Length..])
                .Order(StringComparer.Ordinal)
                .Select(name => new TheoryDataRow<string>(name))
            : [new TheoryDataRow<string>(string.Empty)];
    }

    [Theory]
    [MemberData(nameof(DictionaryNames))]
    public void Metrics_of_stored_tensors_equal_the_reference(string name)
    {
        var golden = new CoreGoldenCase(Golden.Require("evals", "core"));
        double tolerance = golden.Json.GetProperty("tolerance").GetProperty("values").GetDouble();
        using SparseAutoencoder dictionary = golden.Dictionary(name);
        Dictionary<string, Dictionary<string, ICoreMetric>> sets = Sets(dictionary, Intervention.Clean, Intervention.Reconstruction);
        foreach (CoreBatch batch in golden.Stored(name, dictionary))
        {
            using (batch)
            {
                foreach (ICoreMetric metric in sets.Values.SelectMany(metrics => metrics.Values))
                {
                    metric.Add(batch);
                }
            }
        }

        int compared = Compare(golden, name, sets, tolerance);
        compared.ShouldBeGreaterThan(30);
        using var scope = NewDisposeScope();
        foreach ((string metric, ICoreMetric values) in sets[PerLatent])
        {
            var list = (IReadOnlyList<double>)values.Value;
            TensorAssert.CloseToScale(golden.Expected($"{name}.{metric}"), tensor(list.ToArray()), tolerance, metric);
        }
    }

    [Theory]
    [MemberData(nameof(DictionaryNames))]
    public void Metrics_of_the_running_model_equal_the_reference(string name)
    {
        var golden = new CoreGoldenCase(Golden.Require("evals", "core"));
        double tolerance = golden.Json.GetProperty("tolerance").GetProperty("float32_run").GetDouble();
        using SparseAutoencoder dictionary = golden.Dictionary(name);
        Dictionary<string, Dictionary<string, ICoreMetric>> sets = Sets(dictionary, Enum.GetValues<Intervention>());
        foreach (CoreBatch batch in golden.Computed(dictionary))
        {
            using (batch)
            {
                foreach (ICoreMetric metric in sets.Values.SelectMany(metrics => metrics.Values))
                {
                    metric.Add(batch);
                }
            }
        }

        // The margin is the distance to another choice, which float32 rounding is of the order of; it is compared above.
        sets[CoreMetricSets.Headline].Remove(Margin).ShouldBeTrue();
        Compare(golden, name, sets, tolerance);
        string[] missing = [.. Expected(golden, name).Where(e => e.Metric != Margin && !sets[e.Set].ContainsKey(e.Metric)).Select(e => $"{e.Set}.{e.Metric}")];
        missing.ShouldBeEmpty("every number of the reference has a metric");
    }

    /// <summary>The metrics that can be taken from these passes; logits of the others are not stored, and the running model gives them.</summary>
    private static Dictionary<string, Dictionary<string, ICoreMetric>> Sets(SparseAutoencoder dictionary, params Intervention[] passes)
    {
        return CoreMetricSets.Names.ToDictionary(set => set, set => new Dictionary<string, ICoreMetric>(CoreMetricSets.Create(set, AttachedDictionary.Attach(dictionary, "the dictionary"), passes).Metrics));
    }

    private static int Compare(
        CoreGoldenCase golden, string name, Dictionary<string, Dictionary<string, ICoreMetric>> sets, double tolerance)
    {
        int compared = 0;
        foreach ((string set, string metric, JsonElement expected) in Expected(golden, name))
        {
            if (sets[set].TryGetValue(metric, out ICoreMetric? found))
            {
                double[] wanted = expected.ValueKind == JsonValueKind.Array ? [.. expected.EnumerateArray().Select(e => e.GetDouble())] : [expected.GetDouble()];
                double[] values = found.Value is double value ? [value] : [.. (IReadOnlyList<double>)found.Value];
                values.Length.ShouldBe(wanted.Length, $"{set}.{metric}");
                for (int i = 0; i < wanted.Length; i++)
                {
                    double limit = (tolerance * Math.Abs(wanted[i])) + Absolute;
                    values[i].ShouldBeInRange(wanted[i] - limit, wanted[i] + limit, $"{set}.{metric}");
                    compared++;
                }
            }
        }

        return compared;
    }

    /// <summary>The numbers of the reference that concern a dictionary: its own sets, and those of the model alone.</summary>
    private static IEnumerable<(string Set, string Metric, JsonElement Value)> Expected(CoreGoldenCase golden, string name)
    {
        foreach (JsonProperty block in golden.Json.EnumerateObject())
        {
            string set = block.Name.StartsWith(name + "_", StringComparison.Ordinal) ? block.Name[(name.Length + 1)..] : block.Name;
            if (!CoreMetricSets.Names.Contains(set))
            {
                continue;
            }

            foreach (JsonProperty number in block.Value.EnumerateObject().Where(property => property.Value.ValueKind is JsonValueKind.Number or JsonValueKind.Array))
            {
                yield return (set, number.Name, number.Value);
            }
        }
    }
}
