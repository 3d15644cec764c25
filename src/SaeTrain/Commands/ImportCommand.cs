using System.CommandLine;
using Workbench.Commands;
using Workbench.Dictionaries;
using Workbench.SaeTrain.Exchange;

namespace Workbench.SaeTrain.Commands;

/// <summary><c>saetrain import</c>: brings a dictionary of another library into the workspace.</summary>
internal sealed class ImportCommand : ICliCommand
{
    private static readonly Option<string> s_workspace = new("--workspace") { Description = "Folder of the workspace.", Required = true };
    private static readonly Option<string> s_from = new("--from") { Description = "File or folder of the dictionary.", Required = true };
    private static readonly Option<string> s_id = new("--id") { Description = "Id of the dictionary in the workspace; it must be new.", Required = true };
    private static readonly Option<string?> s_hook = new("--hook") { Description = "Hook point that it reads, in place of what its files name." };
    private static readonly Option<string?> s_outputHook = new("--output-hook") { Description = "Hook point that a transcoder reconstructs, in place of what its files name." };
    private static readonly Option<string?> s_format = new("--format") { Description = $"Layout, by default told by the files' names: {string.Join(", ", DictionaryLoader.Formats.Select(format => format.Name))}." };

    public Command Build()
    {
        return new Command("import", "Brings a dictionary of another library into the workspace.") { s_workspace, s_from, s_id, s_hook, s_outputHook, s_format }
            .WithExample("saetrain import --workspace W --from downloads/layers.3 --id d2 --hook blocks.3.hook_resid_post")
            .Handle(Run);
    }

    private static int Run(CommandCall call)
    {
        var request = new ImportRequest
        {
            From = call.Get(s_from),
            Format = call.Find(s_format),
            Hook = call.Find(s_hook),
            OutputHook = call.Find(s_outputHook),
        };
        ImportResult result = new ImportRun(call.Get(s_workspace), call.Get(s_id), request).Execute();
        foreach (string note in result.Notes)
        {
            call.Error.WriteLine($"Note: {note}");
        }

        call.Write(result, () => Describe(result));
        return ExitCodes.Success;
    }

    private static string Describe(ImportResult result)
    {
        string hook = result.HookPoint ?? (result.Hook.Length == 0 ? "an unnamed hook" : $"'{result.Hook}'");
        string state = result.AlreadyComplete ? "was imported already; nothing to do" : $"is imported from {result.Format}";
        return $"Dictionary {result.Id} {state}: {result.Latents} latents ({result.Architecture}) over {hook}, stored as {result.StoredAs}. {result.Folder}";
    }
}
