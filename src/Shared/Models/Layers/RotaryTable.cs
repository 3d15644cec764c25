using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Layers;

/// <summary>
/// Cosines and sines of the rotary angles, position times frequency, computed in double; grows as positions are asked for. Where a model
/// rotates long texts by frequencies of their own, the end of what is asked for decides, and a cache cannot go from one to the other.
/// </summary>
internal sealed class RotaryTable : IDisposable
{
    private readonly RotaryAngles _short;
    private readonly RotaryAngles? _long;
    private readonly int _longestShortText;

    /// <summary>Creates the table.</summary>
    /// <param name="settings">Base and scaling.</param>
    /// <param name="width">Rotated elements of a head, even.</param>
    /// <param name="device">Where to keep it.</param>
    public RotaryTable(RopeSettings settings, int width, Device device)
    {
        double[] unscaled = [.. Enumerable.Range(0, width / 2).Select(i => Math.Pow(settings.Base, -2.0 * i / width))];
        RopeScaling? scaling = settings.Scaling;
        double factor = scaling?.AttentionFactor ?? 1;
        _longestShortText = scaling?.LongestShortText ?? int.MaxValue;
        _short = new RotaryAngles(scaling?.Frequencies(unscaled, settings, longText: false) ?? unscaled, factor, device);
        _long = _longestShortText == int.MaxValue ? null : new RotaryAngles(scaling!.Frequencies(unscaled, settings, longText: true), factor, device);
    }

    /// <summary>Views of float32 [length, width / 2], which belong to the table and are valid until other positions are asked for.</summary>
    /// <exception cref="WorkbenchException">Positions before were rotated as a short text's, and the text has become a long one.</exception>
    public (Tensor Cosine, Tensor Sine) At(int firstPosition, int length)
    {
        bool isLong = firstPosition + length > _longestShortText;
        return isLong && firstPosition > 0 && firstPosition <= _longestShortText
            ? throw new WorkbenchException(
                $"The text grows past {_longestShortText:N0} tokens, from where on this model rotates all its positions by other frequencies, but {firstPosition:N0} tokens are already cached; end before, or start with more than {_longestShortText:N0} tokens.")
            : (isLong ? _long! : _short).At(firstPosition, length);
    }

    public void Dispose()
    {
        _short.Dispose();
        _long?.Dispose();
    }
}
