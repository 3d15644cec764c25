using System.Runtime.InteropServices;

namespace Workbench.Numerics;

/// <summary>
/// Tells libtorch's OpenMP threads to sleep between parallel regions instead of spinning. Work here alternates between
/// libtorch's threads and those of .NET, and a spinning thread takes the core that the other one needs; on a machine with other
/// work running, a training step is more than twice as fast this way.
/// </summary>
public static partial class NativeThreads
{
    /// <summary>Call first in a program, before the first tensor. A value that the user set in the environment stands.</summary>
    public static void SleepWhenIdle()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            // .NET's own environment is a copy that native code does not see.
            _ = SetVariable("OMP_WAIT_POLICY", "PASSIVE", 0);
        }
        catch (Exception absent) when (absent is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library: its threads keep their policy.
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
