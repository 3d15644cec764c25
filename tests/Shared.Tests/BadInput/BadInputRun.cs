using System.Diagnostics;
using Workbench.Testing;

namespace Workbench.Shared.Tests.BadInput;

/// <summary>
/// Gives a reader damaged files, each made from a whole one by a fixed seed. It must read them or refuse them by a sentence that
/// names the file, without taking more memory than the file has bytes plus 64 MB.
/// </summary>
internal sealed class BadInputRun
{
    /// <summary>1 asks for ten times as many files.</summary>
    private const string LongVariable = "WORKBENCH_LONG";

    private const int Files = 2_000;
    private const int FilesOfLongRuns = 20_000;
    private const long Allowance = 64 << 20;
    private const int Shown = 5;

    private readonly List<string> _problems = [];
    private int _read;
    private int _refused;
    private long _most;
    private double _slowest;

    /// <summary>Runs.</summary>
    /// <param name="name">What the damaged file is called.</param>
    /// <param name="seeds">Whole files.</param>
    /// <param name="damage">Damages a file.</param>
    /// <param name="read">Reads a file as the programs do, to its last byte.</param>
    public static void Of(string name, IReadOnlyList<byte[]> seeds, Func<byte[], Random, byte[]> damage, Action<string> read)
    {
        new BadInputRun().Run(name, seeds, damage, read);
    }

    private void Run(string name, IReadOnlyList<byte[]> seeds, Func<byte[], Random, byte[]> damage, Action<string> read)
    {
        using var folder = new TemporaryFolder();
        string path = folder.At(name);
        foreach (byte[] seed in seeds)
        {
            File.WriteAllBytes(path, seed);
            read(path);
        }

        int files = Environment.GetEnvironmentVariable(LongVariable) == "1" ? FilesOfLongRuns : Files;
        for (int number = 0; number < files; number++)
        {
            var random = new Random(number);
            byte[] bytes = damage(seeds[number % seeds.Count], random);
            File.WriteAllBytes(path, bytes);
            Read(number, path, bytes.Length, read);
        }

        TestContext.Current.SendDiagnosticMessage(
            $"{name}: {files} files, {_read} read, {_refused} refused, at most {_most >> 10} KB above the file's size, slowest {_slowest:F0} ms");
        _problems.Count.ShouldBe(0, $"of {files} files; the first: {string.Join('\n', _problems.Take(Shown))}");
        _refused.ShouldBeGreaterThan(files / 10);
        _read.ShouldBePositive();
    }

    private void Read(int number, string path, long length, Action<string> read)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        long started = Stopwatch.GetTimestamp();
        try
        {
            read(path);
            _read++;
        }
        catch (WorkbenchException refusal)
        {
            _refused++;
            if (refusal is UsageException || !refusal.Message.Contains(path, StringComparison.Ordinal))
            {
                _problems.Add($"file {number}: the sentence does not name the file: {refusal.Message}");
            }
        }
        catch (Exception crash)
        {
            _problems.Add($"file {number}: {crash}");
        }

        _slowest = Math.Max(_slowest, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        long above = GC.GetAllocatedBytesForCurrentThread() - before - length;
        _most = Math.Max(_most, above);
        if (above > Allowance)
        {
            _problems.Add($"file {number}: {above >> 20} MB above the {length} bytes of the file");
        }
    }
}
