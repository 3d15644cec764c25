using System.Globalization;
using Workbench.Workspaces;

namespace Workbench.Models.Hub;

/// <summary>Fetches models from a Hugging Face-compatible hub into the cache of the official client.</summary>
public sealed class ModelHub
{
    private readonly HubSettings _settings;
    private readonly TimeProvider _time;

    /// <summary>A hub.</summary>
    /// <param name="settings">Where it is, and how to fetch.</param>
    /// <param name="time">The clock; by default the system's.</param>
    public ModelHub(HubSettings settings, TimeProvider? time = null)
    {
        _settings = settings;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>The folder of a model that was fetched before; null where it was not.</summary>
    public string? Find(HubReference reference)
    {
        return new HubCache(_settings.CacheFolder, reference).FindSnapshot(reference);
    }

    /// <summary>
    /// Fetches config, tokenizer and safetensors of a model, or the files that are named. What the cache has is used, what a broken
    /// transfer left is gone on with, and every new file is checked against the hub's hash before it gets its name.
    /// </summary>
    /// <param name="reference">The model.</param>
    /// <param name="files">The files; empty for what the loaders need.</param>
    /// <param name="sink">Receives progress in bytes.</param>
    /// <param name="cancellation">Stops it; the same call goes on where it stopped.</param>
    /// <exception cref="UsageException">A named file is of a type that is not read.</exception>
    /// <exception cref="WorkbenchException">The hub fails or refuses, a hash differs, the disk is full, or offline, the cache lacks a file.</exception>
    public async Task<PulledModel> PullAsync(
        HubReference reference, IReadOnlyList<string> files, IProgressSink? sink = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(files);
        foreach (string file in files)
        {
            HubFileTypes.Check(file);
        }

        var cache = new HubCache(_settings.CacheFolder, reference);
        if (_settings.Offline)
        {
            return CachedPull.Of(cache, reference, files);
        }

        using var connection = new HubConnection(_settings);
        var retry = new HubRetry(_settings);
        var refusal = new HubRefusal(_settings, reference);
        var repository = new HubRepository(connection, retry, refusal, reference);
        var progress = new HubProgress(sink, _time);
        var download = new HubDownload(_settings, connection, retry, refusal, cache, progress);

        (string commit, IReadOnlyList<string> present) = await ListAsync(repository, cache, reference, cancellation);
        List<string> wanted = [.. files.Count > 0 ? Named(reference, files, present) : HubFileTypes.Select(reference, present)];
        if (files.Count == 0 && wanted.Remove(HubFileTypes.Index))
        {
            HubFile index = await repository.DescribeAsync(commit, HubFileTypes.Index, cancellation);
            await download.FetchAsync(index, repository.FileAddress(commit, index.Name), cancellation);
            wanted.AddRange([HubFileTypes.Index, .. WeightIndex.Shards(cache.BlobPath(index.Etag))]);
        }

        var described = new HubFile[wanted.Count];
        await InParallel(wanted.Count, cancellation, async (i, stop) => described[i] = await repository.DescribeAsync(commit, wanted[i], stop));
        RequireSpace(cache, reference, described);
        long known = described.Where(file => File.Exists(cache.BlobPath(file.Etag))).Sum(file => file.Bytes);
        progress.Begin(described.Sum(file => file.Bytes));
        await InParallel(wanted.Count, cancellation, async (i, stop) =>
        {
            await download.FetchAsync(described[i], repository.FileAddress(commit, wanted[i]), stop);
            cache.Place(described[i].Etag, commit, wanted[i]);
        });
        if (!reference.IsCommit)
        {
            cache.WriteRef(reference.Revision, commit);
        }

        long bytes = described.Sum(file => file.Bytes);
        return new PulledModel(
            reference.Repository, reference.Revision, commit, cache.SnapshotFolder(commit), wanted, bytes, bytes - known, [.. present.Except(wanted)]);
    }

    private static IReadOnlyList<string> Named(HubReference reference, IReadOnlyList<string> files, IReadOnlyList<string> present)
    {
        return files.FirstOrDefault(file => !present.Contains(file)) is { } absent
            ? throw new WorkbenchException($"{reference} has no file '{absent}'; it has {string.Join(", ", present.Take(20))}.")
            : files;
    }

    private static async Task<(string Commit, IReadOnlyList<string> Files)> ListAsync(
        HubRepository repository, HubCache cache, HubReference reference, CancellationToken cancellation)
    {
        try
        {
            return await repository.ListAsync(cancellation);
        }
        catch (WorkbenchException unreachable) when (unreachable.InnerException is HttpRequestException && cache.FindSnapshot(reference) is { } folder)
        {
            throw new WorkbenchException($"{unreachable.Message} What was pulled before is in {folder}: --offline uses it.", unreachable);
        }
    }

    private void RequireSpace(HubCache cache, HubReference reference, IReadOnlyList<HubFile> files)
    {
        long missing = files.DistinctBy(file => file.Etag).Sum(cache.Missing);
        if (WriteFailure.FreeBytes(_settings.CacheFolder) is { } free && missing > free)
        {
            throw new WorkbenchException(string.Create(
                CultureInfo.InvariantCulture,
                $"{reference} needs {missing / 1e6:N1} MB more in {_settings.CacheFolder}, where {free / 1e6:N1} MB are free; make room, or set HF_HUB_CACHE to a folder of another disk."));
        }
    }

    private Task InParallel(int count, CancellationToken cancellation, Func<int, CancellationToken, Task> work)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = _settings.Parallel, CancellationToken = cancellation };
        return Parallel.ForEachAsync(Enumerable.Range(0, count), options, async (i, stop) => await work(i, stop));
    }
}
