using Workbench.Dictionaries;

namespace Workbench.Shared.Tests.Dictionaries;

public sealed class LargestEntriesTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(64, 64)]
    [InlineData(4099, 32)]
    [InlineData(20000, 500)]
    public void The_largest_positive_entries_are_chosen_in_order_of_column(int width, int k)
    {
        var random = new Random(width + k);
        var sut = new LargestEntries(k);
        for (int repeat = 0; repeat < 5; repeat++)
        {
            float[] row = [.. Enumerable.Range(0, width).Select(_ => random.NextSingle() - 0.3f)];
            int[] expected = [.. Enumerable.Range(0, width).Where(i => row[i] > 0).OrderByDescending(i => row[i]).Take(k).Order()];

            sut.Choose(row);

            sut.Indices.ToArray().ShouldBe(expected);
            sut.Values.ToArray().ShouldBe([.. expected.Select(i => row[i])]);
        }
    }

    [Fact]
    public void An_ascending_row_which_raises_the_threshold_at_every_step_is_chosen_right()
    {
        var sut = new LargestEntries(10);
        float[] row = [.. Enumerable.Range(1, 5000).Select(i => (float)i)];

        sut.Choose(row);

        sut.Indices.ToArray().ShouldBe([.. Enumerable.Range(4990, 10)]);
    }

    [Fact]
    public void Of_equal_entries_those_in_lower_columns_are_chosen()
    {
        var sut = new LargestEntries(10);
        float[] row = [.. Enumerable.Repeat(1f, 3000)];
        row[2000] = 2;

        sut.Choose(row);

        sut.Indices.ToArray().ShouldBe([0, 1, 2, 3, 4, 5, 6, 7, 8, 2000]);
    }

    [Fact]
    public void What_is_chosen_does_not_depend_on_the_rows_before()
    {
        var random = new Random(9);
        float[][] rows = [.. Enumerable.Range(0, 20).Select(i => Enumerable.Range(0, 1000).Select(_ => MathF.Round((random.NextSingle() - 0.4f) * 50 * (1 + (i % 5)))).ToArray())];
        var sut = new LargestEntries(25);
        foreach (float[] row in rows)
        {
            var fresh = new LargestEntries(25);
            fresh.Choose(row);

            sut.Choose(row);

            sut.Indices.ToArray().ShouldBe(fresh.Indices.ToArray());
        }
    }

    [Fact]
    public void A_row_without_positive_entries_gives_none()
    {
        var sut = new LargestEntries(4);

        sut.Choose(new float[100]);

        sut.Indices.Length.ShouldBe(0);
    }

    [Fact]
    public void A_bfloat16_row_is_chosen_from_as_its_float32_values_are()
    {
        var random = new Random(3);
        ushort[] bits = [.. Enumerable.Range(0, 4099).Select(_ => (ushort)(BitConverter.SingleToUInt32Bits(random.NextSingle() - 0.5f) >> 16))];
        float[] wide = [.. bits.Select(b => BitConverter.UInt32BitsToSingle((uint)b << 16))];
        var sut = new LargestEntries(40);
        sut.Choose(wide);
        float[] expected = [.. sut.Values.ToArray().Order()];

        sut.Choose(bits);

        sut.Values.ToArray().Order().ShouldBe(expected);
        sut.Indices.ToArray().Select(i => wide[i]).ShouldBe(sut.Values.ToArray());
    }

    [Fact]
    public void Thresholds_are_strict_and_a_negative_one_acts_as_zero()
    {
        int[] indices = new int[5];
        float[] values = new float[5];

        int taken = LargestEntries.Above([1f, 2f, -0.5f, 0.5f, 3f], [1f, 1f, -1f, -1f, 3.5f], indices, values);

        indices[..taken].ShouldBe([1, 3]);
        values[..taken].ShouldBe([2f, 0.5f]);
    }
}
