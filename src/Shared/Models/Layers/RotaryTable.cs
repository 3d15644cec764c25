using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Layers;

/// <summary>Cosines and sines of the rotary angles, position times frequency, computed in double; grows as positions are asked for.</summary>
internal sealed class RotaryTable : IDisposable
{
    private readonly double[] _frequencies;
    private readonly Device _device;
    private Tensor? _cosine;
    private Tensor? _sine;

    /// <summary>Creates the table.</summary>
    /// <param name="settings">Base and scaling.</param>
    /// <param name="width">Rotated elements of a head, even.</param>
    /// <param name="device">Where to keep it.</param>
    /// <param name="divisors">Per-frequency divisors that some files carry instead of settings; null for none.</param>
    public RotaryTable(RopeSettings settings, int width, Device device, IReadOnlyList<float>? divisors = null)
    {
        _device = device;
        _frequencies = new double[width / 2];
        for (int i = 0; i < _frequencies.Length; i++)
        {
            double frequency = Scale(Math.Pow(settings.Base, -2.0 * i / width), settings.Scaling);
            _frequencies[i] = frequency / (divisors?[i] ?? 1);
        }
    }

    /// <summary>Views of float32 [length, width / 2], in the caller's dispose scope.</summary>
    public (Tensor Cosine, Tensor Sine) At(int firstPosition, int length)
    {
        int end = firstPosition + length;
        if (_cosine is null || _sine is null || _cosine.shape[0] < end)
        {
            Fill(Math.Max(end, 2 * (int)(_cosine?.shape[0] ?? 64)));
        }

        return (_cosine!.narrow(0, firstPosition, length), _sine!.narrow(0, firstPosition, length));
    }

    public void Dispose()
    {
        _cosine?.Dispose();
        _sine?.Dispose();
    }

    /// <summary>Llama 3's rule is in its README (wavelength bands); w is the wavelength 2 pi / frequency.</summary>
    private static double Scale(double frequency, RopeScaling? scaling)
    {
        if (scaling is null)
        {
            return frequency;
        }

        if (scaling.Kind == RopeScalingKind.Linear)
        {
            return frequency / scaling.Factor;
        }

        double turns = scaling.OriginalContext * frequency / (2 * Math.PI);
        double blend = Math.Clamp(
            (turns - scaling.LowFrequencyFactor) / (scaling.HighFrequencyFactor - scaling.LowFrequencyFactor), 0, 1);
        return ((1 - blend) * frequency / scaling.Factor) + (blend * frequency);
    }

    private void Fill(int positions)
    {
        float[] cosine = new float[positions * _frequencies.Length];
        float[] sine = new float[cosine.Length];
        for (int i = 0; i < cosine.Length; i++)
        {
            (double s, double c) = Math.SinCos(i / _frequencies.Length * _frequencies[i % _frequencies.Length]);
            cosine[i] = (float)c;
            sine[i] = (float)s;
        }

        Dispose();
        _cosine = tensor(cosine, [positions, _frequencies.Length], device: _device).DetachFromDisposeScope();
        _sine = tensor(sine, [positions, _frequencies.Length], device: _device).DetachFromDisposeScope();
    }
}
