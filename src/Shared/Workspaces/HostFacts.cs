using System.Runtime.InteropServices;

namespace Workbench.Workspaces;

/// <summary>The machine and process that a run ran on.</summary>
/// <param name="Machine">The machine's name.</param>
/// <param name="ProcessId">The process's id there.</param>
/// <param name="OperatingSystem">Its operating system.</param>
/// <param name="Processor">The processor's model name.</param>
/// <param name="Cores">The logical cores that the process may use.</param>
/// <param name="MemoryBytes">The memory that the process may use.</param>
/// <param name="Runtime">The .NET runtime.</param>
public sealed record HostFacts(
    string Machine,
    int ProcessId,
    string OperatingSystem,
    string Processor,
    int Cores,
    long MemoryBytes,
    string Runtime)
{
    private const string ProcessorTable = "/proc/cpuinfo";

    /// <summary>The facts of this process.</summary>
    public static HostFacts Current()
    {
        return new HostFacts(
            Environment.MachineName,
            Environment.ProcessId,
            RuntimeInformation.OSDescription,
            ProcessorName(),
            Environment.ProcessorCount,
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            RuntimeInformation.FrameworkDescription);
    }

    private static string ProcessorName()
    {
        string? line = File.Exists(ProcessorTable)
            ? File.ReadLines(ProcessorTable).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':') + 1)..].Trim();
    }
}
