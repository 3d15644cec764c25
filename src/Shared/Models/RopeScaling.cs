namespace Workbench.Models;

/// <summary>How rotary frequencies are stretched beyond the context a model was first trained on.</summary>
/// <param name="Kind">Rule.</param>
/// <param name="Factor">Frequencies are divided by this.</param>
/// <param name="LowFrequencyFactor">llama3: wavelengths above original context / this are divided in full.</param>
/// <param name="HighFrequencyFactor">llama3: wavelengths under original context / this are left alone.</param>
/// <param name="OriginalContext">llama3: context length of the first training.</param>
public sealed record RopeScaling(
    RopeScalingKind Kind,
    double Factor,
    double LowFrequencyFactor = 0,
    double HighFrequencyFactor = 0,
    int OriginalContext = 0);
