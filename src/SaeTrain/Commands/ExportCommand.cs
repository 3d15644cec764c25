using System.CommandLine;
using Workbench.Commands;
using Workbench.Dictionaries;
using Workbench.SaeTrain.Exchange;
using Workbench.Workspaces;

namespace Workbench.SaeTrain.Commands;

/// <summary><c>saetrain export</c>: writes a dictionary as another library reads it.</summary>
internal sealed class ExportCommand : ICliCommand
{
    private static readonly Option<string> s_workspace = new("--workspace") { Description = "Folder of the workspace.", Required = true };
    private static readonly Option<string> s_dictionary = new("--dictionary") { Description = "Id of the dictionary, id@step for a checkpoint, or a path.", Required = true };
    private static readonly Option<string> s_format = new("--format") { Description = $"Layout to write: {string.Join(", ", DictionaryLoader.Formats.Select(format => format.Name))}.", Required = true };
    private static readonly Option<string> s_out = new("--out") { Description = "Folder to write to; new or empty.", Required = true };

    public Command Build()
    {
        return new Command("export", "Writes a dictionary in the layout of another library.") { s_workspace, s_dictionary, s_format, s_out }
            .WithExample("saetrain export --workspace W --dictionary d1 --format sparsify --out exports/layers.3")
            .Handle(Run);
    }

    private static int Run(CommandCall call)
    {
        ExportResult result = DictionaryExport.Run(new Workspace(call.Get(s_workspace)), call.Get(s_dictionary), call.Get(s_format), call.Get(s_out));
        call.Write(result, () => $"Dictionary {result.Dictionary} is written as {result.Format}: {string.Join(", ", result.Files)}. {result.Folder}");
        return ExitCodes.Success;
    }
}
