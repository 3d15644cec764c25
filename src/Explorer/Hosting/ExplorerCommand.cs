using System.CommandLine;
using Workbench.Commands;

namespace Workbench.Explorer.Hosting;

/// <summary>The command line of the Explorer.</summary>
internal static class ExplorerCommand
{
    private const string DefaultAddress = "http://127.0.0.1:5210";

    public static RootCommand Build()
    {
        var workspace = new Option<string>("--workspace")
        {
            Description = "The workspace folder; created where it is absent.",
            DefaultValueFactory = _ => "workspace",
        };
        var urls = new Option<string>("--urls")
        {
            Description = "The address to listen at; any but this machine's own needs --token.",
            DefaultValueFactory = _ => DefaultAddress,
        };
        var token = new Option<string?>("--token")
        {
            Description = "The access token that a browser must present once, as ?token=... in the address.",
        };
        var noDemo = new Option<bool>("--no-demo")
        {
            Description = "Leave an empty workspace empty instead of filling it with the demo.",
        };
        var tools = new Option<string?>("--tools")
        {
            Description = "The folder of the built harvest.dll and saetrain.dll, where they are not beside the Explorer.",
        };
        return (RootCommand)new RootCommand("Browse, steer and train dictionaries of a language model in a web page.")
        {
            workspace, urls, token, noDemo, tools, CommonOptions.Verbose,
        }
        .Handle(call => ExplorerServer.Run(
            new ExplorerOptions
            {
                Workspace = Path.GetFullPath(call.Get(workspace)),
                Address = ListenAddress.Parse(call.Get(urls), call.Find(token)),
                Token = call.Find(token),
                Demo = !call.Find(noDemo),
                Tools = call.Find(tools),
            },
            call.Output,
            call.Cancellation))
        .WithExample("dotnet run -c Release --project src/Explorer -- --workspace workspace");
    }
}
