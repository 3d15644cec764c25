using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Layers;

/// <summary>Cosines and sines of position times frequency, for as many positions as were asked for.</summary>
/// <param name="frequencies">Radians per position.</param>
/// <param name="factor">Factor of cosines and sines.</param>
/// <param name="device">Where to keep them.</param>
internal sealed class RotaryAngles(double[] frequencies, double factor, Device device) : IDisposable
{
    private const int FirstLength = 128;

    private (Tensor Cosine, Tensor Sine)? _view;
    private (int First, int Length) _positions;
    private Tensor? _cosine;
    private Tensor? _sine;

    /// <summary>Views of float32 [length, frequencies]; they are kept here, and valid until other positions are asked for.</summary>
    public (Tensor Cosine, Tensor Sine) At(int firstPosition, int length)
    {
        // All blocks of a pass ask for the same.
        if (_view is null || _positions != (firstPosition, length))
        {
            DisposeView();
            int end = firstPosition + length;
            int held = (int)(_cosine?.shape[0] ?? 0);
            if (held < end)
            {
                Fill(Math.Max(end, held == 0 ? FirstLength : 2 * held));
            }

            _view = (_cosine!.narrow(0, firstPosition, length).DetachFromDisposeScope(), _sine!.narrow(0, firstPosition, length).DetachFromDisposeScope());
            _positions = (firstPosition, length);
        }

        return _view.Value;
    }

    public void Dispose()
    {
        DisposeView();
        _cosine?.Dispose();
        _sine?.Dispose();
    }

    private void DisposeView()
    {
        _view?.Cosine.Dispose();
        _view?.Sine.Dispose();
        _view = null;
    }

    private void Fill(int positions)
    {
        float[] cosine = new float[positions * frequencies.Length];
        float[] sine = new float[cosine.Length];
        for (int i = 0; i < cosine.Length; i++)
        {
            (double s, double c) = Math.SinCos(i / frequencies.Length * frequencies[i % frequencies.Length]);
            cosine[i] = (float)(factor * c);
            sine[i] = (float)(factor * s);
        }

        Dispose();
        _cosine = tensor(cosine, [positions, frequencies.Length], device: device).DetachFromDisposeScope();
        _sine = tensor(sine, [positions, frequencies.Length], device: device).DetachFromDisposeScope();
    }
}
