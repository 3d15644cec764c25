using System.CommandLine;
using Workbench.Commands;
using Workbench.Numerics;

namespace Workbench.Harvest;

internal static class Program
{
    private static int Main(string[] args)
    {
        NativeAllocator.KeepPages();
        NativeThreads.SleepWhenIdle();
        RootCommand root = CommandHost.Program(Description, Verbs.All);
        return CommandHost.Run(root, args, Console.Out, Console.Error);
    }

    private const string Description = "Runs a language model over text and stores its activations.";
}
