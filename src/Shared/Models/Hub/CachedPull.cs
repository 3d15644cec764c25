namespace Workbench.Models.Hub;

/// <summary>A pull that finds everything in the cache and sends nothing.</summary>
internal static class CachedPull
{
    /// <exception cref="WorkbenchException">The cache lacks the revision, or a file of it.</exception>
    public static PulledModel Of(HubCache cache, HubReference reference, IReadOnlyList<string> files)
    {
        string folder = cache.FindSnapshot(reference)
            ?? throw new WorkbenchException($"{reference} is not in the cache at {cache.Path}; pull it once without --offline and HF_HUB_OFFLINE.");
        Dictionary<string, long> present = Directory.EnumerateFiles(folder).Select(Real).OfType<(string Name, long Bytes)>().ToDictionary(file => file.Name, file => file.Bytes);
        string[] names = [.. present.Keys.Order(StringComparer.Ordinal)];
        List<string> wanted = [.. files.Count > 0 ? files : Select(reference, folder, names)];
        if (files.Count == 0 && wanted.Contains(HubFileTypes.Index))
        {
            wanted.AddRange(WeightIndex.Shards(Path.Combine(folder, HubFileTypes.Index)));
        }

        if (wanted.FirstOrDefault(file => !present.ContainsKey(file)) is { } absent)
        {
            throw Lacking(reference, folder, absent, null);
        }

        return new PulledModel(
            reference.Repository, reference.Revision, Path.GetFileName(folder), folder, wanted, wanted.Sum(file => present[file]), 0, [.. names.Except(wanted)]);
    }

    private static IReadOnlyList<string> Select(HubReference reference, string folder, string[] names)
    {
        try
        {
            return HubFileTypes.Select(reference, names);
        }
        catch (WorkbenchException incomplete)
        {
            throw Lacking(reference, folder, "config.json, tokenizer.json or the weights", incomplete);
        }
    }

    private static WorkbenchException Lacking(HubReference reference, string folder, string what, Exception? cause)
    {
        string sentence = $"{reference} is in the cache at {folder} without {what}; pull it once without --offline and HF_HUB_OFFLINE.";
        return cause is null ? new WorkbenchException(sentence) : new WorkbenchException(sentence, cause);
    }

    /// <summary>Name and length of a file, by way of its link; null for a link to nothing.</summary>
    private static (string Name, long Bytes)? Real(string path)
    {
        var file = new FileInfo(path);
        FileInfo real = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        return real.Exists ? (file.Name, real.Length) : null;
    }
}
