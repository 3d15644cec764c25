using Workbench.Commands;
using Workbench.Explorer.Hosting;
using Workbench.Numerics;

NativeAllocator.KeepPages();
NativeThreads.SleepWhenIdle();
return CommandHost.Run(ExplorerCommand.Build(), args, Console.Out, Console.Error);
