using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Workbench.SaeTrain.Tests.Objectives;

/// <summary>
/// The code of a step must run on any device: it may not read tensors on the host, copy them there, or walk over elements. Files
/// whose name starts with Cpu, and fused forms, are the CPU's own; a recipe itself works before the first step.
/// </summary>
public sealed partial class StepCodeTests
{
    /// <summary>The one file beside those of the CPU that may point into tensors: it asks for the device first.</summary>
    private const string Dispatch = "Objectives/Products/RowProducts.cs";

    private static readonly string[] s_folders = ["Objectives", "Recipes"];
    private static readonly string[] s_others = ["Fused.cs", "Recipe.cs"];

    public static IEnumerable<TheoryDataRow<string>> Files()
    {
        return s_folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root(), folder), "*.cs", SearchOption.AllDirectories))
            .Where(path => !Path.GetFileName(path).StartsWith("Cpu", StringComparison.Ordinal) && !s_others.Any(path.EndsWith))
            .Select(path => Path.GetRelativePath(Root(), path))
            .Order(StringComparer.Ordinal)
            .Select(path => new TheoryDataRow<string>(path));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Step_code_never_reads_tensors_on_the_host(string file)
    {
        foreach ((string line, int number) in Lines(file))
        {
            HostRead().IsMatch(line).ShouldBeFalse($"{file}:{number}: {line.Trim()}");
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Step_code_never_walks_over_elements(string file)
    {
        foreach ((string line, int number) in Lines(file))
        {
            (ManagedLoop().IsMatch(line) && !LoopOverBlocks().IsMatch(line)).ShouldBeFalse($"{file}:{number}: {line.Trim()}");
            (file != Dispatch && Pointer().IsMatch(line)).ShouldBeFalse($"{file}:{number}: {line.Trim()}");
        }
    }

    [Fact]
    public void Pointers_into_tensors_are_taken_only_after_asking_for_the_device()
    {
        string text = File.ReadAllText(Path.Combine(Root(), Dispatch));
        foreach (string method in Regex.Split(text, @"(?m)^    (?=(public|private) static)").Where(part => part.Contains("SparseRows.", StringComparison.Ordinal) && part.Contains('{')))
        {
            int asked = method.IndexOf("DeviceType.CPU", StringComparison.Ordinal);

            asked.ShouldBeInRange(0, method.IndexOf("SparseRows.", StringComparison.Ordinal), method[..method.IndexOf('\n', StringComparison.Ordinal)]);
        }
    }

    [Theory]
    [InlineData("double loss = total.item<double>();")]
    [InlineData("Tensor host = x.cpu();")]
    [InlineData("float[] values = x.data<float>().ToArray();")]
    [InlineData("Parallel.For(0, rows, row => work(row));")]
    [InlineData("for (int row = 0; row < rows; row++)")]
    [InlineData("float* pointer = TensorMemory.FloatPointer(x);")]
    public void The_scan_finds_what_it_looks_for(string line)
    {
        (HostRead().IsMatch(line) || (ManagedLoop().IsMatch(line) && !LoopOverBlocks().IsMatch(line)) || Pointer().IsMatch(line)).ShouldBeTrue();
    }

    private static IEnumerable<(string Line, int Number)> Lines(string file)
    {
        return File.ReadLines(Path.Combine(Root(), file))
            .Select((line, index) => (Line: line, Number: index + 1))
            .Where(line => !line.Line.TrimStart().StartsWith("//", StringComparison.Ordinal));
    }

    private static string Root([CallerFilePath] string here = "")
    {
        return Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "src", "SaeTrain"));
    }

    [GeneratedRegex(@"\.cpu\(|\.item\b|\.item<|\.ToSingle\(|\.ToDouble\(|\.ToInt32\(|\.data<|\.bytes\b|\.ReadCpu")]
    private static partial Regex HostRead();

    [GeneratedRegex(@"\bParallel\.|\bfor \(|\bwhile \(.*shape")]
    private static partial Regex ManagedLoop();

    /// <summary>Loops that step over blocks of rows, or over a list of a few named things.</summary>
    [GeneratedRegex(@"for \(.*(\+= block\)|\.Count;|\.Length;)")]
    private static partial Regex LoopOverBlocks();

    [GeneratedRegex(@"TensorMemory\.|\bunsafe\b|data_ptr")]
    private static partial Regex Pointer();
}
