using System.Globalization;
using System.Runtime.InteropServices;

namespace Workbench.Explorer.Jobs;

/// <summary>Looks at processes by way of /proc, including those that are not children of this one.</summary>
internal static partial class ProcessIdentity
{
    private const int StateField = 0;
    private const int StartField = 19;
    private const int Interrupt = 2;

    /// <summary>What tells this process from any other that ever has its id: the boot and the tick at which it started.</summary>
    /// <returns>Null where there is no such process, or where it ended and waits to be collected.</returns>
    public static string? StartOf(int processId)
    {
        try
        {
            string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            string boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
            return fields[StateField] is "Z" or "X" ? null : $"{boot}:{fields[StartField]}";
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Sends Ctrl-C to a process and everything it started in its group.</summary>
    public static void InterruptGroup(int processId)
    {
        if (Kill(-processId, Interrupt) != 0)
        {
            _ = Kill(processId, Interrupt);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
