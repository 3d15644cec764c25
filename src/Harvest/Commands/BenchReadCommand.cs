using System.CommandLine;
using System.Globalization;
using Workbench.Commands;
using Workbench.Harvest.Benchmarking;
using Workbench.Workspaces;

namespace Workbench.Harvest.Commands;

/// <summary><c>harvest bench read</c>: shuffled batches of shards against gathers from memory.</summary>
internal sealed class BenchReadCommand : ICliCommand
{
    private readonly Option<string> _workspace = new("--workspace") { Description = "Workspace folder.", Required = true };
    private readonly Option<string> _harvest = new("--harvest") { Description = "Id of the harvest.", Required = true };
    private readonly Option<string?> _hook = new("--hook") { Description = "Hook point; by default the harvest's first." };
    private readonly Option<int> _batch = new("--batch") { Description = "Rows a batch.", DefaultValueFactory = _ => 4096 };
    private readonly Option<int> _repeats = new("--repeats") { Description = "Epochs timed of each, of which the median counts.", DefaultValueFactory = _ => 7 };
    private readonly Option<long> _seed = new("--seed") { Description = "Seed of the order.", DefaultValueFactory = _ => 0 };

    public Command Build()
    {
        return new Command("read", "Share of the rate of gathering the same rows from memory that shuffled batches of shards reach.")
            {
                _workspace, _harvest, _hook, _batch, _repeats, _seed,
            }
            .WithExample("harvest bench read --workspace W --harvest h1 --batch 4096")
            .Handle(Run);
    }

    private int Run(CommandCall call)
    {
        int repeats = call.Positive(_repeats);
        int batch = call.Positive(_batch);
        using var harvest = Activations.Harvest.Open(new Workspace(call.Get(_workspace)).HarvestFolder(call.Get(_harvest)).Path);
        using var benchmark = new ReadBenchmark(harvest, call.Find(_hook) ?? harvest.Info.Hooks[0].Name, batch, call.Get(_seed));
        ReadBenchmarkResult result = benchmark.Measure(repeats, call.Cancellation);
        call.Write(result, () => string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Share:P0} of the rate of the faster gather from memory, {result.FirstEpochShare:P0} in the first epoch: {result.ShardMillions:N2} million rows a second from shards of {result.StoredType} ({result.FirstEpochMillions:N2} in the first epoch), {result.SingleMillions:N2} from float32 in memory, {result.StoredMillions:N2} from {result.StoredType} in memory ({result.Rows:N0} rows of {result.Width}, batches of {result.BatchSize:N0}, {result.Threads} threads, median of {result.Repeats})."));
        return ExitCodes.Success;
    }
}
