using System.Net;
using Workbench.Workspaces;

namespace Workbench.Models.Hub;

/// <summary>Fetches one file into the cache. What an earlier attempt or process left is gone on with; nothing unchecked gets its name.</summary>
internal sealed class HubDownload(HubSettings settings, HubConnection connection, HubRetry retry, HubRefusal refusal, HubCache cache, HubProgress progress)
{
    private const int BufferBytes = 1 << 18;

    /// <exception cref="WorkbenchException">The hub fails or refuses, the content is not what it promised, or the disk is full.</exception>
    public async Task FetchAsync(HubFile file, Uri address, CancellationToken cancellation)
    {
        using IDisposable held = await cache.LockAsync(file.Etag, cancellation);
        string blob = cache.BlobPath(file.Etag);
        if (File.Exists(blob) && new FileInfo(blob).Length == file.Bytes)
        {
            progress.Add(file.Bytes);
            return;
        }

        string partial = cache.PartialPath(file.Etag);
        WriteFailure.Guard(partial, () => Directory.CreateDirectory(Path.GetDirectoryName(partial)!));
        bool resumed = Length(partial) > 0;
        await TransferAsync(file, address, partial, cancellation);
        if (HubHash.OfFile(partial, file.Etag) is var found && found != file.Etag)
        {
            File.Delete(partial);
            progress.Add(-file.Bytes);
            if (!resumed)
            {
                throw new WorkbenchException(
                    $"{file.Name} came with the hash {found} where the hub promised {file.Etag}; it was deleted: run the same line again, and if it stays so, do not use that hub.");
            }

            // The part that lay here may have been another's; the whole is fetched once more before anything is concluded.
            await FetchFreshAsync(file, address, partial, cancellation);
        }

        WriteFailure.Guard(blob, () => File.Move(partial, blob, overwrite: true));
    }

    private async Task FetchFreshAsync(HubFile file, Uri address, string partial, CancellationToken cancellation)
    {
        await TransferAsync(file, address, partial, cancellation);
        if (HubHash.OfFile(partial, file.Etag) is var found && found != file.Etag)
        {
            File.Delete(partial);
            throw new WorkbenchException(
                $"{file.Name} came with the hash {found} where the hub promised {file.Etag}, twice; it was deleted: do not use that hub.");
        }
    }

    private async Task TransferAsync(HubFile file, Uri address, string partial, CancellationToken cancellation)
    {
        if (Length(partial) > file.Bytes)
        {
            File.Delete(partial);
        }

        long counted = Length(partial);
        progress.Add(counted);
        await retry.RunAsync(
            file.Name,
            async () =>
            {
                long from = Length(partial);
                progress.Add(from - counted);
                counted = from;
                if (from < file.Bytes || !File.Exists(partial))
                {
                    counted = await ReceiveAsync(file, address, partial, from, cancellation);
                }

                return counted;
            },
            cancellation);
    }

    /// <summary>One request's worth of a file, appended; the length then reached is the whole.</summary>
    private async Task<long> ReceiveAsync(HubFile file, Uri address, string partial, long from, CancellationToken cancellation)
    {
        using HttpResponseMessage answer = await connection.GetAsync(address, from, cancellation);
        refusal.Check(file.Name, answer);
        bool continues = answer.StatusCode == HttpStatusCode.PartialContent && answer.Content.Headers.ContentRange?.From == from;
        if (from > 0 && !continues)
        {
            // The server sends the whole again.
            progress.Add(-from);
            from = 0;
        }

        await using Stream source = await answer.Content.ReadAsStreamAsync(cancellation);
        using FileStream target = OpenAt(partial, from);
        byte[] buffer = new byte[BufferBytes];
        long length = from;
        for (int read; (read = await ReadAsync(source, buffer, cancellation)) > 0;)
        {
            length += read;
            if (length > file.Bytes)
            {
                throw new WorkbenchException($"The hub sends more than the promised {file.Bytes} bytes of {file.Name}; run the same line again.");
            }

            WriteFailure.Guard(partial, () => target.Write(buffer, 0, read));
            progress.Add(read);
        }

        WriteFailure.Guard(partial, () => target.Flush(flushToDisk: true));
        return length == file.Bytes ? length : throw new HubTransferException($"the connection ended after {length} of {file.Bytes} bytes");
    }

    private async Task<int> ReadAsync(Stream source, byte[] buffer, CancellationToken cancellation)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stall.CancelAfter(settings.StallTimeout);
        try
        {
            return await source.ReadAsync(buffer, stall.Token);
        }
        catch (IOException broken)
        {
            throw new HubTransferException(broken.Message, broken);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new HubTransferException($"nothing came for {settings.StallTimeout.TotalSeconds:F0} s");
        }
    }

    private static FileStream OpenAt(string path, long length)
    {
        FileStream? file = null;
        WriteFailure.Guard(path, () =>
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
            file.SetLength(length);
            file.Seek(length, SeekOrigin.Begin);
        });
        return file!;
    }

    private static long Length(string path)
    {
        return File.Exists(path) ? new FileInfo(path).Length : 0;
    }
}
