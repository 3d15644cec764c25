using TorchSharp;
using Workbench.Activations;
using Workbench.Workspaces;

namespace Workbench.Harvest.Harvesting;

/// <summary>
/// One call of <c>harvest run</c>: starts a harvest, resumes it, or finds it complete. A killed process loses at most the shards
/// under way, which are computed again to the same bytes.
/// </summary>
internal sealed class HarvestRun
{
    private static readonly TimeSpan s_lockPause = TimeSpan.FromMilliseconds(500);

    private readonly Workspace _workspace;
    private readonly RunFolder _folder;
    private readonly HarvestRequest _request;
    private readonly HarvestPartition _partition;
    private readonly HarvestEnvironment _environment;

    public HarvestRun(
        Workspace workspace, string id, HarvestRequest request, HarvestPartition partition, HarvestEnvironment environment)
    {
        request.Validate();
        _workspace = workspace;
        _folder = new RunFolder(workspace.HarvestFolder(id).Path, environment.Time);
        _request = request;
        _partition = partition;
        _environment = environment;
    }

    /// <exception cref="OperationCanceledException">Stopped by the user; the same call goes on.</exception>
    /// <exception cref="WorkbenchException">It cannot be done; the sentence says why.</exception>
    public HarvestResult Execute(CancellationToken cancellation)
    {
        _workspace.EnsureWritable();
        using var held = new HeldLock(Lock(cancellation));
        try
        {
            return Execute(held, cancellation);
        }
        finally
        {
            held.Dispose();
            DeleteIfEmpty();
        }
    }

    private HarvestResult Execute(HeldLock main, CancellationToken cancellation)
    {
        HarvestConfig? stored = HarvestStart.Stored(_folder, _request);
        if (stored is not null && IsComplete() && stored.Request.Model == _request.Model && stored.Request.Corpus == _request.Corpus)
        {
            return AlreadyComplete();
        }

        if (stored is not null)
        {
            torch.set_num_threads(stored.Resolved.Threads);
        }

        using HarvestInputs inputs = _environment.Open(_request.Device, stored?.Resolved.Precision ?? _request.Precision);
        if (stored is not null)
        {
            HarvestStart.CheckSame(_folder.Manifest!, stored, inputs);
        }

        if (IsComplete())
        {
            return AlreadyComplete();
        }

        HarvestConfig config = stored ?? HarvestStart.Resolve(_request, inputs, cancellation);
        _folder.Start((_folder.Manifest ?? Manifest(_folder.Id, config, inputs)) with { Host = HostFacts.Current() });
        HarvestPlan plan = HarvestStart.Plan(config, inputs);
        return _partition.IsWhole
            ? Whole(plan, config, inputs, cancellation)
            : Part(main, plan, config, inputs, cancellation);
    }

    private HarvestResult Whole(HarvestPlan plan, HarvestConfig config, HarvestInputs inputs, CancellationToken cancellation)
    {
        return Guard(_folder, () =>
        {
            var production = new ShardProduction(_folder, _folder.Path, config, inputs, _environment);
            ProducedShards produced = production.Run(plan, _partition, cancellation);
            HarvestInfo info = new HarvestFinish(_folder, config, inputs, _environment)
                .Write(plan, [.. produced.Journal.Shards], production.Progress, cancellation);
            _folder.Finish(RunState.Complete);
            produced.Journal.Delete();
            return HarvestResult.Of(info, _folder.Path, produced.Rows, produced.Seconds, Shortfall(info) ?? produced.Remark);
        });
    }

    /// <summary>Produces one share of the shards; whoever completes the last share also finishes the harvest.</summary>
    private HarvestResult Part(
        HeldLock main, HarvestPlan plan, HarvestConfig config, HarvestInputs inputs, CancellationToken cancellation)
    {
        main.Dispose();
        var part = new RunFolder(_folder.ResultsPath(_partition.Folder), _environment.Time);
        using IDisposable own = part.Lock();
        part.Start((part.Manifest ?? Manifest(part.Id, config, inputs)) with { Host = HostFacts.Current() });
        ProducedShards produced = Guard(part, () =>
        {
            ProducedShards shards = new ShardProduction(part, _folder.Path, config, inputs, _environment).Run(plan, _partition, cancellation);
            part.Finish(RunState.Complete);
            return shards;
        });
        using IDisposable again = Lock(cancellation);
        RunFolder[] parts = [.. Enumerable.Range(1, _partition.Count).Select(n => new RunFolder(_folder.ResultsPath(_partition.FolderOf(n))))];
        int missing = parts.Count(other => other.Manifest?.State != RunState.Complete);
        if (missing > 0)
        {
            return HarvestResult.Partial(_folder, config, produced, $"{missing} of {_partition.Count} partitions are still missing");
        }

        return Guard(_folder, () =>
        {
            IEnumerable<HarvestShard> shards = parts.SelectMany(each => ShardJournal.Read(each));
            HarvestInfo info = new HarvestFinish(_folder, config, inputs, _environment)
                .Write(plan, [.. shards], new ProgressReporter(_folder, _environment.Time, _environment.Sink), cancellation);
            _folder.Finish(RunState.Complete);
            return HarvestResult.Of(info, _folder.Path, produced.Rows, produced.Seconds, Shortfall(info) ?? produced.Remark);
        });
    }

    private T Guard<T>(RunFolder run, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (OperationCanceledException)
        {
            TryFinish(run, RunState.Interrupted, null);
            throw;
        }
        catch (Exception failure)
        {
            TryFinish(run, RunState.Failed, failure.Message);
            throw;
        }
    }

    private void TryFinish(RunFolder run, RunState state, string? error)
    {
        try
        {
            run.Finish(state, error);
            new HarvestLog(run, _environment.Time).Write(error is null ? "interrupted" : $"failed: {error}");
        }
        catch (WorkbenchException)
        {
            // The disk that stopped the run refuses its obituary too; the lock tells that the process is gone.
        }
    }

    private string? Shortfall(HarvestInfo info)
    {
        long dropped = info.Outliers?.Dropped ?? 0;
        return info.Rows + dropped < _request.Tokens
            ? $"the corpus gave {info.Rows + dropped} of the {_request.Tokens} tokens asked for"
            : null;
    }

    private bool IsComplete()
    {
        return _folder.Manifest?.State == RunState.Complete && File.Exists(_folder.ResultsPath(HarvestInfo.FileName));
    }

    private HarvestResult AlreadyComplete()
    {
        HarvestInfo info = Activations.Harvest.ReadInfo(_folder.Path);
        new ShardJournal(_folder, _folder.Path, _environment.Files).Delete();
        return HarvestResult.Of(info, _folder.Path, 0, 0, "complete already; nothing to do", alreadyComplete: true);
    }

    private RunManifest Manifest(string id, HarvestConfig config, HarvestInputs inputs)
    {
        return new RunManifest
        {
            Tool = "harvest",
            Verb = "run",
            Id = id,
            Config = WorkbenchJson.Element(config),
            Seed = _request.Seed,
            Inputs = inputs.Hashes,
        };
    }

    private IDisposable Lock(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return _folder.Lock();
            }
            catch (WorkbenchException) when (!_partition.IsWhole && _folder.IsLocked)
            {
                // Another partition is settling the configuration or finishing; both end soon.
                cancellation.WaitHandle.WaitOne(s_lockPause);
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    private void DeleteIfEmpty()
    {
        if (Directory.Exists(_folder.Path) && !Directory.EnumerateFileSystemEntries(_folder.Path).Any())
        {
            Directory.Delete(_folder.Path);
        }
    }

    private sealed class HeldLock(IDisposable held) : IDisposable
    {
        private IDisposable? _held = held;

        public void Dispose()
        {
            _held?.Dispose();
            _held = null;
        }
    }
}
