using System.CommandLine;
using Workbench.Commands;
using Workbench.Models;
using Workbench.Numerics;

namespace Workbench.Harvest.Commands;

/// <summary>The options by which a benchmark names its model.</summary>
internal sealed class BenchModelOptions
{
    private readonly Option<string> _model = new("--model") { Description = "Folder, .gguf file or name.", Required = true };
    private readonly Option<string> _precision = new("--precision") { Description = "auto, float32 or bfloat16 matrix products.", DefaultValueFactory = _ => "auto" };
    private readonly Option<string> _device = new("--device") { Description = "auto, cpu, cuda or cuda:n.", DefaultValueFactory = _ => "auto" };
    private readonly Option<string?> _workspace = new("--workspace") { Description = "Workspace whose models are searched by name." };

    public Command AddTo(Command command)
    {
        command.Options.Add(_model);
        command.Options.Add(_precision);
        command.Options.Add(_device);
        command.Options.Add(_workspace);
        return command;
    }

    public LanguageModel Load(CommandCall call)
    {
        return ModelFiles.Find(call.Get(_model), call.Find(_workspace))
            .LoadModel(ComputeDevice.Resolve(call.Get(_device)), MatrixPrecisions.Parse(call.Get(_precision)));
    }
}
