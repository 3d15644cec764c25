using System.Globalization;

namespace Workbench.Workspaces;

/// <summary>Turns the operating system's refusal to write into one sentence that a user can act on.</summary>
internal static class WriteFailure
{
    private const int NoSpaceLeft = 28;
    private const int QuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    public static void Guard(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Explain(path, failure);
        }
    }

    public static WorkbenchException Explain(string path, Exception failure)
    {
        return IsDiskFull(failure)
            ? new WorkbenchException(
                $"Cannot write {path}: the disk is full ({FreeSpace(path)} free); make room, then run the same line again.")
            : new WorkbenchException($"Cannot write {path}: {failure.Message.TrimEnd('.')}; check the folder and its permissions.");
    }

    public static bool IsDiskFull(Exception failure)
    {
        return failure is IOException && failure.HResult is NoSpaceLeft or QuotaExceeded or WindowsDiskFull;
    }

    /// <summary>Bytes that are free where a folder is or would be; null where that is not known.</summary>
    public static long? FreeBytes(string folder)
    {
        string? existing = Path.GetFullPath(folder);
        while (existing is not null && !Directory.Exists(existing))
        {
            existing = Path.GetDirectoryName(existing);
        }

        try
        {
            return existing is null ? null : new DriveInfo(existing).AvailableFreeSpace;
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static string FreeSpace(string path)
    {
        return FreeBytes(Path.GetDirectoryName(Path.GetFullPath(path))!) is { } bytes
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F1} MB")
            : "an unknown amount";
    }
}
