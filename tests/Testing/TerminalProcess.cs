using System.Diagnostics;

namespace Workbench.Testing;

/// <summary>
/// Starts programs as a terminal does: with Ctrl-C at its default. A shell that runs the tests in the background ignores that
/// signal, and its children would inherit this.
/// </summary>
public static class TerminalProcess
{
    /// <summary>What to start; streams are for the caller to redirect.</summary>
    public static ProcessStartInfo StartInfo(string program, IEnumerable<string> arguments)
    {
        return new ProcessStartInfo("/usr/bin/env", ["--default-signal=INT", program, .. arguments]);
    }
}
