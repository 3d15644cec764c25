using Workbench.Models;

namespace Workbench.Shared.Tests.Models.Rope;

public sealed class RopeScalingTests
{
    private const double Theta = 10000;
    private const int Width = 64;
    private const int Original = 4096;

    private static readonly RopeSettings s_settings = new(Theta);

    public static TheoryData<RopeScaling> Neutral =>
    [
        new LinearRopeScaling(1),
        new Llama3RopeScaling(1, 1, 4, Original),
        new YarnRopeScaling(1, Original) { Attention = YarnRopeScaling.DefaultAttentionFactor(1) },
        new LongRopeScaling(Ones(), Ones(), Original, LongRopeScaling.DefaultAttentionFactor(1, Original)),
    ];

    [Theory]
    [MemberData(nameof(Neutral))]
    public void A_factor_of_one_changes_nothing(RopeScaling scaling)
    {
        scaling.AttentionFactor.ShouldBe(1);
        foreach (bool longText in (bool[])[false, true])
        {
            RequireClose(scaling.Frequencies(Unscaled(), s_settings, longText), Unscaled());
        }
    }

    [Theory]
    [InlineData(4, 32, 1, true)]
    [InlineData(4, 32, 1, false)]
    [InlineData(40, 32, 1, true)]
    [InlineData(2.5, 16, 2, false)]
    public void Yarn_is_the_papers_interpolation_by_parts(double factor, double fast, double slow, bool rounds)
    {
        var scaling = new YarnRopeScaling(factor, Original) { Attention = 1, FastTurns = fast, SlowTurns = slow, RoundsRamp = rounds };
        double[] expected = new double[Width / 2];
        (double low, double high) = (IndexOf(fast), IndexOf(slow));
        (low, high) = rounds ? (Math.Floor(low), Math.Ceiling(high)) : (low, high);
        for (int i = 0; i < expected.Length; i++)
        {
            double frequency = 1 / Math.Pow(Theta, 2.0 * i / Width);
            double keeps = i <= low ? 1 : i >= high ? 0 : 1 - ((i - low) / (high - low));
            expected[i] = (frequency / factor * (1 - keeps)) + (frequency * keeps);
        }

        RequireClose(scaling.Frequencies(Unscaled(), s_settings, longText: false), expected);
    }

    [Fact]
    public void Yarn_leaves_frequencies_of_many_turns_alone_and_divides_those_of_few()
    {
        var scaling = new YarnRopeScaling(8, Original) { Attention = 1 };
        double[] unscaled = Unscaled();
        double[] scaled = scaling.Frequencies(unscaled, s_settings, longText: false);
        int inside = 0;
        for (int i = 0; i < scaled.Length; i++)
        {
            double turns = Original * unscaled[i] / (2 * Math.PI);

            // The rounded ramp ends within one index, a factor of theta^(2 / width), of the exact number of turns.
            double step = Math.Pow(Theta, 2.0 / Width);
            if (turns >= 32 * step)
            {
                scaled[i].ShouldBe(unscaled[i]);
            }
            else if (turns <= 1 / step)
            {
                scaled[i].ShouldBe(unscaled[i] / 8, 1e-15);
            }
            else
            {
                scaled[i].ShouldBeInRange(unscaled[i] / 8, unscaled[i]);
                inside++;
            }
        }

        inside.ShouldBeInRange(2, scaled.Length - 2);
    }

    [Fact]
    public void Llama3_divides_long_wavelengths_and_leaves_short_ones()
    {
        var scaling = new Llama3RopeScaling(8, 1, 4, Original);
        double[] unscaled = Unscaled();
        double[] scaled = scaling.Frequencies(unscaled, s_settings, longText: false);
        for (int i = 0; i < scaled.Length; i++)
        {
            double wavelength = 2 * Math.PI / unscaled[i];
            double smooth = ((Original / wavelength) - 1) / 3;
            double expected = wavelength < Original / 4.0 ? unscaled[i]
                : wavelength > Original ? unscaled[i] / 8
                : ((1 - smooth) * unscaled[i] / 8) + (smooth * unscaled[i]);
            scaled[i].ShouldBe(expected, 1e-15);
        }
    }

    [Fact]
    public void Longrope_divides_each_frequency_by_its_own_factor()
    {
        double[] shorter = [.. Enumerable.Range(0, Width / 2).Select(i => 1 + (0.01 * i))];
        double[] longer = [.. Enumerable.Range(0, Width / 2).Select(i => 1 + (2.0 * i))];
        var scaling = new LongRopeScaling(shorter, longer, Original, 1.2);
        scaling.AttentionFactor.ShouldBe(1.2);
        RequireClose(scaling.Frequencies(Unscaled(), s_settings, longText: false), [.. Unscaled().Zip(shorter, (f, d) => f / d)]);
        RequireClose(scaling.Frequencies(Unscaled(), s_settings, longText: true), [.. Unscaled().Zip(longer, (f, d) => f / d)]);
    }

    [Fact]
    public void Attention_factors_are_those_of_the_papers()
    {
        YarnRopeScaling.DefaultAttentionFactor(4).ShouldBe(1 + (0.1 * Math.Log(4)), 1e-15);
        YarnRopeScaling.DefaultAttentionFactor(4, 0.7).ShouldBe(1 + (0.07 * Math.Log(4)), 1e-15);
        LongRopeScaling.DefaultAttentionFactor(32, 4096).ShouldBe(Math.Sqrt(1 + (5.0 / 12)), 1e-15);
        LongRopeScaling.DefaultAttentionFactor(0.5, 4096).ShouldBe(1);
    }

    private static double IndexOf(double turns)
    {
        return Width * Math.Log(Original / (turns * 2 * Math.PI)) / (2 * Math.Log(Theta));
    }

    private static double[] Unscaled()
    {
        return [.. Enumerable.Range(0, Width / 2).Select(i => 1 / Math.Pow(Theta, 2.0 * i / Width))];
    }

    private static double[] Ones()
    {
        return [.. Enumerable.Repeat(1.0, Width / 2)];
    }

    private static void RequireClose(double[] actual, double[] expected)
    {
        actual.Length.ShouldBe(expected.Length);
        for (int i = 0; i < actual.Length; i++)
        {
            actual[i].ShouldBe(expected[i], 1e-14 * expected[i], $"frequency {i}");
        }
    }
}
