using Workbench.Features;
using Workbench.Testing;

namespace Workbench.Shared.Tests.BadInput;

[Trait("Category", "BadInput")]
public sealed class FeatureIndexFuzzTests : IDisposable
{
    private const string Features = "features.arrow";
    private const string Examples = "examples.arrow";
    private const string Codes = "codes.arrow";
    private const int Vocabulary = 20;

    private readonly TemporaryFolder _folder = new();
    private readonly FeatureIndexInfo _info;

    public FeatureIndexFuzzTests()
    {
        _info = SyntheticFeatureIndex.Write(
            _folder.Path,
            SyntheticFeatureIndex.Info with { Latents = 5, HistogramBins = 4, Intervals = 2, Logits = 2, Neighbours = 2, TopExamples = 3, ExamplesPerInterval = 1 },
            SyntheticFeatureIndex.Sequences(12, 6, Vocabulary),
            Vocabulary);
    }

    public void Dispose()
    {
        _folder.Dispose();
    }

    [Theory]
    [InlineData(Features, Examples)]
    [InlineData(Examples, Features)]
    public void Damaged_indexes_are_read_or_refused(string damaged, string whole)
    {
        BadInputRun.Of(damaged, [File.ReadAllBytes(_folder.At(damaged))], Damage.Bytes, path =>
        {
            string folder = Path.GetDirectoryName(path)!;
            File.Copy(_folder.At(whole), Path.Combine(folder, whole), overwrite: true);
            try
            {
                using FeatureIndex index = FeatureIndex.Open(folder);
                for (int latent = 0; latent < index.Latents; latent++)
                {
                    _ = index.Statistics(latent);
                    _ = index.Histogram(latent);
                    _ = index.Logits(latent);
                    _ = index.Neighbours(latent);
                    index.Examples(latent).SelectMany(group => group.Examples).ShouldAllBe(example => example.Peak < example.Tokens.Length);
                }
            }
            catch (WorkbenchException refusal) when (!refusal.Message.Contains(path, StringComparison.Ordinal))
            {
                // The two files are held against each other, and the one that was not damaged may be the one that is named.
                refusal.Message.ShouldContain(Path.Combine(folder, whole));
                throw new WorkbenchException($"{path}, by way of its other half: {refusal.Message}", refusal);
            }
        });
    }

    [Fact]
    public void Damaged_codes_are_read_or_refused()
    {
        BadInputRun.Of(Codes, [File.ReadAllBytes(_folder.At(Codes))], Damage.Bytes, path =>
        {
            using CodeTable codes = CodeTable.Open(Path.GetDirectoryName(path)!, _info.Latents);
            for (int number = 0; number < codes.Blocks; number++)
            {
                using CodeBlock block = codes.Read(number);
                for (int row = 0; row < block.Rows; row++)
                {
                    Range entries = block.Offsets[row]..block.Offsets[row + 1];
                    _ = block.TokenIds[row] + block.Sequences[row] + block.Positions[row] + block.Values[entries].Length;
                    block.Latents[entries].ToArray().ShouldAllBe(latent => latent >= 0 && latent < _info.Latents);
                }
            }
        });
    }
}
