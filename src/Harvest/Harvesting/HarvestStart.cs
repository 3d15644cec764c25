using System.Text.Json;
using TorchSharp;
using Workbench.Activations;
using Workbench.Models;
using Workbench.Numerics;
using Workbench.Text.Corpora;
using Workbench.Text.Windows;
using Workbench.Workspaces;

namespace Workbench.Harvest.Harvesting;

/// <summary>Resolves a request at the first start, and holds later starts to what was resolved.</summary>
internal static class HarvestStart
{
    private const int ForwardTokens = 2048;
    private const int BatchPositions = 32_768;
    private const int BatchFloats = 1 << 26;

    /// <summary>The stored configuration of a run that asked for the same, or null of a run that was never started.</summary>
    /// <exception cref="WorkbenchException">The run asked for something else; the sentence names the field.</exception>
    public static HarvestConfig? Stored(RunFolder folder, HarvestRequest request)
    {
        if (folder.Manifest is not { } manifest)
        {
            return null;
        }

        HarvestConfig stored;
        try
        {
            stored = manifest.Config.Deserialize<HarvestConfig>(WorkbenchJson.Options)!;
        }
        catch (JsonException malformed)
        {
            throw new WorkbenchException($"{folder.ManifestPath} has a config of another form: {malformed.Message}", malformed);
        }

        return request.DifferenceFrom(stored.Request) is { } difference
            ? throw new WorkbenchException(
                $"Harvest {folder.Id} was started with {difference}; repeat its own line, or take another --id.")
            : stored;
    }

    /// <exception cref="WorkbenchException">The model, tokenizer, corpus or device is not the one of the first start.</exception>
    public static void CheckSame(RunManifest manifest, HarvestConfig config, HarvestInputs inputs)
    {
        foreach ((string name, string hash) in inputs.Hashes)
        {
            if (manifest.Inputs.GetValueOrDefault(name) is var before && before != hash)
            {
                throw new WorkbenchException(
                    $"Harvest {manifest.Id} was started with another {name} (sha256 {before?[..12]}, now {hash[..12]}); restore it, or take another --id.");
            }
        }

        string device = DeviceName(inputs);
        if (device != config.Resolved.Device)
        {
            throw new WorkbenchException(
                $"Harvest {manifest.Id} was started on device {config.Resolved.Device}, not {device}; use --device {config.Resolved.Device}, or take another --id.");
        }
    }

    /// <summary>Resolves what the request leaves open.</summary>
    /// <exception cref="WorkbenchException">The model lacks a hook, or model and request do not fit, or the corpus gives no row.</exception>
    public static HarvestConfig Resolve(HarvestRequest request, HarvestInputs inputs, CancellationToken cancellation)
    {
        int[] widths = [.. request.Hooks.Select(hook => inputs.Model.HookWidth(HookPoint.Parse(hook)))];
        if (request.Context > inputs.Model.Config.ContextLength)
        {
            throw new WorkbenchException(
                $"--context {request.Context} is longer than the model's context of {inputs.Model.Config.ContextLength}; lower it.");
        }

        string bos = Bos(request, inputs);
        int? separator = Separator(request, inputs);
        TextWindows windows = Windows(request, bos, separator, inputs);
        (int excluded, double[]? medians) = Probe(request, inputs, windows, widths, cancellation);
        var filter = PositionFilter.Of(excluded, request.ExcludeSpecial, inputs.Tokenizer);
        if (!new HarvestPlan(windows, filter, request.Tokens).Sequences().Any())
        {
            throw new WorkbenchException(
                $"Corpus {request.Corpus} gives no row: its training split has no window of more than {excluded} tokens{(request.ExcludeSpecial ? " with one that is not special" : string.Empty)}; use another corpus or a lower --exclude-leading.");
        }

        return new HarvestConfig(request, new HarvestSettings(
            DeviceName(inputs),
            MatrixPrecisions.Name(inputs.Model.ComputeType),
            torch.get_num_threads(),
            bos,
            excluded,
            separator,
            medians,
            request.Batch ?? Math.Max(1, Math.Min(BatchPositions, BatchFloats / widths.Sum()) / request.Context),
            ForwardTokens,
            ShardLayout.For(request.ShardRows, widths, request.DType),
            widths));
    }

    /// <summary>The plan of a harvest whose settings are resolved.</summary>
    public static HarvestPlan Plan(HarvestConfig config, HarvestInputs inputs)
    {
        HarvestSettings resolved = config.Resolved;
        return new HarvestPlan(
            Windows(config.Request, resolved.Bos, resolved.Separator, inputs),
            PositionFilter.Of(resolved.ExcludedLeading, config.Request.ExcludeSpecial, inputs.Tokenizer),
            config.Request.Tokens);
    }

    private static TextWindows Windows(HarvestRequest request, string bos, int? separator, HarvestInputs inputs)
    {
        var settings = new WindowSettings(request.Windows, request.Context, bos == "always" ? inputs.Tokenizer.BosId : null, separator);
        return new TextWindows(inputs.Corpus, CorpusSplit.Train, inputs.Tokenizer, settings);
    }

    private static (int ExcludedLeading, double[]? MedianNorms) Probe(
        HarvestRequest request, HarvestInputs inputs, TextWindows windows, int[] widths, CancellationToken cancellation)
    {
        if (request is { ExcludeLeading: { } asked, MaxNormMultiple: null })
        {
            return (asked, null);
        }

        using var capture = new ActivationCapture(inputs.Model, request.Hooks, ForwardTokens);
        NormProbe probe = NormProbe.Run(windows, capture, widths, cancellation);
        int excluded = request.ExcludeLeading ?? probe.ExcludedLeading();
        var filter = PositionFilter.Of(excluded, request.ExcludeSpecial, inputs.Tokenizer);
        return (excluded, request.MaxNormMultiple is null ? null : probe.Medians(filter));
    }

    private static int? Separator(HarvestRequest request, HarvestInputs inputs)
    {
        if (!WindowModes.JoinsDocuments(request.Windows) || request.Separator == SeparatorPolicy.None)
        {
            return null;
        }

        int? eos = inputs.Tokenizer.EosId;
        int? found = request.Separator switch
        {
            SeparatorPolicy.Eos => eos,
            SeparatorPolicy.Bos => inputs.Tokenizer.BosId,
            _ => eos ?? inputs.Tokenizer.BosId,
        };
        return found ?? throw new WorkbenchException(
            $"--separator {request.Separator.ToString().ToLowerInvariant()} needs a token that the tokenizer of {inputs.ModelName} lacks; use --separator none.");
    }

    private static string Bos(HarvestRequest request, HarvestInputs inputs)
    {
        bool wanted = request.Bos switch
        {
            BosPolicy.Always => true,
            BosPolicy.Never => false,
            _ => inputs.Tokenizer.AddsBos,
        };
        return wanted && inputs.Tokenizer.BosId is null
            ? throw new WorkbenchException($"--bos always needs a BOS token, which the tokenizer of {inputs.ModelName} lacks; use --bos never.")
            : wanted ? "always" : "never";
    }

    private static string DeviceName(HarvestInputs inputs)
    {
        return inputs.Model.Device.type == DeviceType.CUDA ? "cuda" : "cpu";
    }
}
