using System.CommandLine;
using Workbench.Commands;
using Workbench.Numerics;

namespace Workbench.SaeTrain;

internal static class Program
{
    private static int Main(string[] args)
    {
        NativeAllocator.KeepPages();
        NativeThreads.SleepWhenIdle();
        RootCommand root = CommandHost.Program(Description, Verbs.All);
        return CommandHost.Run(root, args, Console.Out, Console.Error);
    }

    private const string Description = "Fits sparse dictionaries on harvested activations, indexes and evaluates them.";
}
