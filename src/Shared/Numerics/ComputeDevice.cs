using System.Globalization;
using TorchSharp;

namespace Workbench.Numerics;

/// <summary>Resolves <c>--device</c>.</summary>
public static class ComputeDevice
{
    /// <summary>Resolves <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:n</c>; <c>auto</c> takes CUDA where libtorch sees it.</summary>
    /// <exception cref="UsageException">The text is none of these.</exception>
    /// <exception cref="WorkbenchException">CUDA was asked for and there is none.</exception>
    public static torch.Device Resolve(string text)
    {
        if (text == "cpu" || (text == "auto" && !torch.cuda.is_available()))
        {
            return torch.CPU;
        }

        int index = 0;
        bool cuda = text is "auto" or "cuda"
            || (text.StartsWith("cuda:", StringComparison.Ordinal)
                && int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out index));
        if (!cuda)
        {
            throw new UsageException($"--device '{text}' is not known; expected auto, cpu, cuda or cuda:n.");
        }

        if (!torch.cuda.is_available() || index >= torch.cuda.device_count())
        {
            throw new WorkbenchException(
                $"--device '{text}' asks for a CUDA device that this build or machine lacks; use --device cpu, or build with -p:TorchBackend=cuda.");
        }

        return torch.device(DeviceType.CUDA, index);
    }
}
