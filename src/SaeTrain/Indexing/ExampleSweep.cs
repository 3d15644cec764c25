using Workbench.Activations;
using Workbench.Features;

namespace Workbench.SaeTrain.Indexing;

/// <summary>
/// Sweeps over the codes that read the windows of the chosen examples and write them. Latents are taken in chunks whose windows
/// fit <paramref name="windowBudget"/> floats, one sweep a chunk, so that memory does not grow with the dictionary.
/// </summary>
internal sealed class ExampleSweep(
    CodeTable codes,
    SequenceTable sequences,
    CodeSweeps chosen,
    FeatureIndexInfo info,
    Action<string, long, long> progress,
    CancellationToken cancellation,
    int windowBudget = ExampleSweep.DefaultWindowBudget)
{
    public const int DefaultWindowBudget = 1 << 26;

    private readonly string[] _groups = [.. Enumerable.Range(0, info.Intervals).Select(FeatureExampleGroup.Interval)];

    public void Run(FeatureIndexWriter writer)
    {
        for (int first = 0; first < info.Latents;)
        {
            (List<ExampleChoice> choices, int end) = Choices(first);
            var windows = new ExampleWindows(choices, sequences);
            windows.Read(codes, info.Latents, cancellation);
            Write(writer, first, end, choices, windows);
            first = end;
            progress("examples", end, info.Latents);
        }
    }

    /// <summary>The examples of as many latents as fit, at least one.</summary>
    private (List<ExampleChoice> Choices, int End) Choices(int first)
    {
        var choices = new List<ExampleChoice>();
        long floats = 0;
        int latent = first;
        while (latent < info.Latents)
        {
            int before = choices.Count;
            foreach (PeakPlace place in chosen.Top.Of(latent))
            {
                choices.Add(new ExampleChoice(latent, null, place));
            }

            for (int interval = 0; interval < info.Intervals; interval++)
            {
                foreach (PeakPlace place in chosen.Sampled.Of(latent, interval))
                {
                    choices.Add(new ExampleChoice(latent, interval, place));
                }
            }

            floats += (long)info.Context * (choices.Count - before);
            latent++;
            if (floats > windowBudget)
            {
                break;
            }
        }

        return (choices, latent);
    }

    private void Write(FeatureIndexWriter writer, int first, int end, List<ExampleChoice> choices, ExampleWindows windows)
    {
        int next = 0;
        for (int latent = first; latent < end; latent++)
        {
            cancellation.ThrowIfCancellationRequested();
            var examples = new List<FeatureExample>();
            for (; next < choices.Count && choices[next].Latent == latent; next++)
            {
                PeakPlace place = choices[next].Place;
                string group = choices[next].Interval is int interval ? _groups[interval] : FeatureExampleGroup.Top;
                examples.Add(new FeatureExample(
                    group,
                    place.Sequence,
                    sequences.Document(place.Sequence, place.Position),
                    place.Position,
                    place.Value,
                    sequences.Tokens(place.Sequence).ToArray(),
                    windows[next].ToArray()));
            }

            chosen.Columns.TopToken[latent] = TopToken(examples);
            writer.AddExamples(latent, examples);
        }
    }

    /// <summary>The token most common at the peaks of the top examples; of equally common ones that of the larger peak.</summary>
    private static int TopToken(List<FeatureExample> examples)
    {
        return examples
            .Where(example => example.Group == FeatureExampleGroup.Top)
            .GroupBy(example => example.Tokens[example.Peak])
            .OrderByDescending(group => group.Count())
            .Select(group => group.Key)
            .FirstOrDefault(-1);
    }
}
