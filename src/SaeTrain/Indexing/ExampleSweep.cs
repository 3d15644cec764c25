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
    public const int DefaultWindowBudget = 1 << 27;

    private readonly int[] _slots = Filled(info.Latents);

    public void Run(FeatureIndexWriter writer)
    {
        int perLatent = info.Context * (info.TopExamples + (info.Intervals * info.ExamplesPerInterval));
        int chunk = Math.Clamp(windowBudget / Math.Max(1, perLatent), 1, info.Latents);
        for (int first = 0; first < info.Latents; first += chunk)
        {
            int end = Math.Min(info.Latents, first + chunk);
            List<ExampleChoice> choices = Choices(first, end);
            Write(writer, first, end, choices, Windows(choices));
            progress("examples", end, info.Latents);
        }
    }

    private static int[] Filled(int latents)
    {
        int[] slots = new int[latents];
        Array.Fill(slots, -1);
        return slots;
    }

    private List<ExampleChoice> Choices(int first, int end)
    {
        var choices = new List<ExampleChoice>();
        for (int latent = first; latent < end; latent++)
        {
            foreach (PeakPlace place in chosen.Top.Of(latent))
            {
                choices.Add(new ExampleChoice(latent, FeatureExampleGroup.Top, place));
            }

            for (int interval = 0; interval < info.Intervals; interval++)
            {
                string group = FeatureExampleGroup.Interval(interval);
                choices.AddRange(chosen.Sampled.Of(latent, interval).Select(place => new ExampleChoice(latent, group, place)));
            }
        }

        return choices;
    }

    /// <summary>The activations of every choice over its window; choices of one latent and sequence share an array.</summary>
    private float[][] Windows(List<ExampleChoice> choices)
    {
        int[] order = [.. Enumerable.Range(0, choices.Count)];
        Array.Sort(order, (a, b) => (choices[a].Place.Sequence, choices[a].Latent).CompareTo((choices[b].Place.Sequence, choices[b].Latent)));
        var windows = new float[choices.Count][];
        int next = 0;
        for (int number = 0; number < codes.Blocks && next < order.Length; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            using CodeBlock block = codes.Read(number);
            long last = block.Rows == 0 ? -1 : block.Sequences[^1];
            for (int row = 0; next < order.Length && choices[order[next]].Place.Sequence <= last;)
            {
                long sequence = choices[order[next]].Place.Sequence;
                row += block.Sequences[row..].IndexOf(sequence);
                int end = next;
                while (end < order.Length && choices[order[end]].Place.Sequence == sequence)
                {
                    end++;
                }

                Fill(block, row, sequence, choices, order.AsSpan(next..end), windows);
                next = end;
            }
        }

        return windows;
    }

    private void Fill(CodeBlock block, int row, long sequence, List<ExampleChoice> choices, ReadOnlySpan<int> wanted, float[][] windows)
    {
        int length = sequences.Tokens(sequence).Length;
        foreach (int choice in wanted)
        {
            ref int slot = ref _slots[choices[choice].Latent];
            windows[choice] = slot >= 0 ? windows[slot] : new float[length];
            slot = choice;
        }

        ReadOnlySpan<long> rows = block.Sequences;
        ReadOnlySpan<int> offsets = block.Offsets;
        ReadOnlySpan<int> latents = block.Latents;
        ReadOnlySpan<int> positions = block.Positions;
        ReadOnlySpan<float> values = block.Values;
        for (; row < rows.Length && rows[row] == sequence; row++)
        {
            for (int i = offsets[row]; i < offsets[row + 1]; i++)
            {
                int slot = _slots[latents[i]];
                if (slot >= 0)
                {
                    windows[slot][positions[row]] = values[i];
                }
            }
        }

        foreach (int choice in wanted)
        {
            _slots[choices[choice].Latent] = -1;
        }
    }

    private void Write(FeatureIndexWriter writer, int first, int end, List<ExampleChoice> choices, float[][] windows)
    {
        int next = 0;
        for (int latent = first; latent < end; latent++)
        {
            cancellation.ThrowIfCancellationRequested();
            var examples = new List<FeatureExample>();
            for (; next < choices.Count && choices[next].Latent == latent; next++)
            {
                (string group, PeakPlace place) = (choices[next].Group, choices[next].Place);
                int[] tokens = sequences.Tokens(place.Sequence).ToArray();
                examples.Add(new FeatureExample(
                    group, place.Sequence, sequences.Document(place.Sequence), place.Position, place.Value, tokens, windows[next]));
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
