using System.CommandLine;
using System.Globalization;
using System.Text;
using Workbench.Activations;
using Workbench.Commands;
using Workbench.Harvest.Harvesting;
using Workbench.Models.Weights;
using Workbench.Text.Tokenizers;
using Workbench.Workspaces;

namespace Workbench.Harvest.Commands;

/// <summary><c>harvest inspect</c>: prints what a harvest holds and checks its hashes.</summary>
internal sealed class InspectCommand : ICliCommand
{
    private const int SampleCharacters = 200;

    private readonly Option<string> _workspace = new("--workspace") { Description = "Workspace folder.", Required = true };
    private readonly Option<string> _harvest = new("--harvest") { Description = "Id of the harvest.", Required = true };
    private readonly Option<string?> _model = new("--model") { Description = "The model's folder or file now, for the text of samples; by default where it lay." };

    public Command Build()
    {
        return new Command("inspect", "Prints what a harvest holds, and fails where a shard is not what was written.") { _workspace, _harvest, _model }
            .WithExample("harvest inspect --workspace W --harvest h1")
            .Handle(Run);
    }

    private int Run(CommandCall call)
    {
        var workspace = new Workspace(call.Get(_workspace));
        RunFolder folder = workspace.HarvestFolder(call.Get(_harvest));
        HarvestInfo info = Activations.Harvest.ReadInfo(folder.Path);
        TextTokenizer? tokenizer = Tokenizer(call, info);
        HarvestInspection inspection = TerminalProgress.Show(sink => HarvestInspection.Of(folder, tokenizer, sink, call.Cancellation));
        call.Write(inspection, () => Text(inspection));
        return ExitCodes.Success;
    }

    private TextTokenizer? Tokenizer(CommandCall call, HarvestInfo info)
    {
        try
        {
            TextTokenizer tokenizer = LoadTokenizer(call.Find(_model) ?? info.ModelPath);
            return tokenizer.Hash == info.TokenizerHash ? tokenizer : null;
        }
        catch (WorkbenchException) when (call.Find(_model) is null)
        {
            // The harvest is whole without its model; only the samples stay numbers.
            return null;
        }
    }

    private static TextTokenizer LoadTokenizer(string path)
    {
        if (Directory.Exists(path))
        {
            return TokenizerLoader.FromJson(Path.Combine(path, "tokenizer.json"));
        }

        using GgufFile file = GgufFile.Open(path);
        return TokenizerLoader.FromGguf(file);
    }

    private static string Text(HarvestInspection inspection)
    {
        HarvestInfo info = inspection.Info;
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Harvest {info.Id} ({Name(inspection.State)})");
        text.AppendLine(CultureInfo.InvariantCulture, $"  model      {info.Model}, sha256 {info.ModelHash}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  tokenizer  sha256 {info.TokenizerHash}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  corpus     {info.Corpus}, sha256 {info.CorpusHash}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  rows       {info.Rows:N0} a hook, of {info.Sequences:N0} sequences of {info.Documents:N0} documents");
        text.AppendLine(CultureInfo.InvariantCulture, $"  context    {info.Context} tokens, BOS {info.Bos}, {info.ExcludedLeading} leading positions excluded, {info.Precision} products");
        text.AppendLine(CultureInfo.InvariantCulture, $"  sequences  {info.Windows}{(info.Separator is { } token ? $", token {token} between documents" : string.Empty)}, special tokens {(info.ExcludesSpecial ? "excluded" : "kept")}");
        if (info.Outliers is { } outliers)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  outliers   {outliers.Dropped:N0} rows dropped, of a norm above {outliers.Multiple:g4} times the median of {string.Join(", ", outliers.MedianNorms.Select(median => median.ToString("g5", CultureInfo.InvariantCulture)))}");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"  shards     {inspection.VerifiedShards}, {inspection.Bytes / 1e6:N1} MB, every hash as written");
        foreach (HookSummary hook in inspection.Statistics)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {hook.Hook}: width {hook.Width}, {hook.DType}, norm mean {hook.MeanNorm:g5} median {hook.MedianNorm:g5}, variance {hook.TotalVariance:g5}, largest {hook.MaxAbs:g5}");
        }

        foreach (SequenceSample sample in inspection.Samples)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  sequence {sample.Sequence}, document {sample.Document} {sample.Name}, {sample.Tokens.Count} tokens, {sample.Kept} rows from {sample.FirstRow}:");
            text.AppendLine(CultureInfo.InvariantCulture, $"    {OneLine(sample)}");
        }

        return text.ToString().TrimEnd();
    }

    private static string Name(RunState state)
    {
        return state.ToString().ToLowerInvariant();
    }

    private static string OneLine(SequenceSample sample)
    {
        string line = (sample.Text ?? string.Join(' ', sample.Tokens)).ReplaceLineEndings(" ");
        return line.Length > SampleCharacters ? line[..SampleCharacters] + "..." : line;
    }
}
