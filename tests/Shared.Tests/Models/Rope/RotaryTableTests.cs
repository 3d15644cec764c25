using Workbench.Models;
using Workbench.Models.Layers;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Models.Rope;

public sealed class RotaryTableTests
{
    private const int Width = 8;
    private const int Original = 100;

    [Fact]
    public void Cosines_and_sines_are_those_of_position_times_frequency_times_the_attention_factor()
    {
        using var scope = NewDisposeScope();
        var scaling = new YarnRopeScaling(4, Original) { Attention = 1.25 };
        var settings = new RopeSettings(500, scaling);
        using var table = new RotaryTable(settings, Width, CPU);
        double[] frequencies = scaling.Frequencies([.. Enumerable.Range(0, Width / 2).Select(i => Math.Pow(500, -2.0 * i / Width))], settings, longText: false);
        (Tensor cosine, Tensor sine) = table.At(300, 50);
        for (int row = 0; row < 50; row++)
        {
            for (int i = 0; i < Width / 2; i++)
            {
                double angle = (300 + row) * frequencies[i];
                cosine[row, i].item<float>().ShouldBe((float)(1.25 * Math.Cos(angle)), 1e-6f);
                sine[row, i].item<float>().ShouldBe((float)(1.25 * Math.Sin(angle)), 1e-6f);
            }
        }
    }

    [Fact]
    public void A_long_text_is_rotated_by_the_long_frequencies_from_its_first_token_on()
    {
        using var scope = NewDisposeScope();
        using RotaryTable table = Long();
        float shorter = Angle(table.At(0, Original).Sine);
        float longer = Angle(table.At(0, Original + 1).Sine);
        shorter.ShouldBe((float)Math.Sin(1 / 2.0), 1e-6f);
        longer.ShouldBe((float)Math.Sin(1 / 5.0), 1e-6f);
        Angle(table.At(0, Original).Sine).ShouldBe(shorter);
        table.At(Original + 1, 1).Sine[0, 0].item<float>().ShouldBe((float)Math.Sin((Original + 1) / 5.0), 1e-5f);
    }

    [Theory]
    [InlineData(1, Original)]
    [InlineData(Original, 1)]
    public void Cached_positions_of_a_short_text_cannot_become_those_of_a_long_one(int first, int length)
    {
        using RotaryTable table = Long();
        Should.Throw<WorkbenchException>(() => table.At(first, length)).Message.ShouldContain($"{Original:N0} tokens");
    }

    private static float Angle(Tensor sine)
    {
        return sine[1, 0].item<float>();
    }

    private static RotaryTable Long()
    {
        return new RotaryTable(new RopeSettings(500, new LongRopeScaling([2, 2, 2, 2], [5, 5, 5, 5], Original, 1)), Width, CPU);
    }
}
