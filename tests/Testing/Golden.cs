using System.Runtime.CompilerServices;
using System.Text.Json;
using Xunit;

namespace Workbench.Testing;

/// <summary>Reference values made by other implementations, and the real model for tests.</summary>
public static class Golden
{
    /// <summary>The repository's root.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Folder of the reference values: WORKBENCH_GOLDEN, relative to the repository, else ../shared/golden.</summary>
    public static string Root { get; } = Folder("WORKBENCH_GOLDEN", "../shared/golden");

    /// <summary>Folder of real models: WORKBENCH_MODELS, relative to the repository, else ../shared/models.</summary>
    public static string Models { get; } = Folder("WORKBENCH_MODELS", "../shared/models");

    /// <summary>A folder below <see cref="Root"/>; the calling test is skipped where it is absent.</summary>
    public static string Require(params string[] path)
    {
        string folder = Path.Combine([Root, .. path]);
        Assert.SkipUnless(Directory.Exists(folder) || File.Exists(folder), $"{folder} is absent; set WORKBENCH_GOLDEN to the folder of reference values.");
        return folder;
    }

    /// <summary>The single .gguf model of <see cref="Models"/>; the calling test is skipped where there is none.</summary>
    public static string RequireModel()
    {
        string? model = Directory.Exists(Models) ? Directory.GetFiles(Models, "*.gguf").Order(StringComparer.Ordinal).FirstOrDefault() : null;
        Assert.SkipWhen(model is null, $"{Models} holds no .gguf model; set WORKBENCH_MODELS to the folder of models.");
        return model!;
    }

    /// <summary>Folders below a golden folder that hold the given file, in order of name.</summary>
    public static IReadOnlyList<string> Cases(string folder, string file)
    {
        return [.. Directory.GetDirectories(folder).Where(f => File.Exists(Path.Combine(f, file))).Order(StringComparer.Ordinal)];
    }

    /// <summary>Reads a JSON file.</summary>
    public static JsonElement Json(params string[] path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(path)));
        return document.RootElement.Clone();
    }

    private static string Folder(string variable, string fallback)
    {
        string? value = Environment.GetEnvironmentVariable(variable);
        return Path.GetFullPath(string.IsNullOrEmpty(value) ? fallback : value, Repository);
    }

    private static string FindRepository([CallerFilePath] string source = "")
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Workbench.sln")))
            {
                return folder;
            }
        }

        return Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "../.."));
    }
}
