namespace Workbench.Models.Architectures;

/// <summary>Reads the sliding window of the Qwen families: off unless asked for, and then from some layer on.</summary>
internal static class QwenFields
{
    private const int WindowWhereAbsent = 4096;
    private const int FirstWindowedWhereAbsent = 28;

    public static ModelConfig Window(ConfigFields config, ModelConfig model)
    {
        // Files that switch the window off name its width all the same.
        bool used = config.Flag("use_sliding_window", fallback: false);
        _ = config.Contains("sliding_window");
        _ = config.Contains("max_window_layers");
        int? window = used ? config.OptionalPositive("sliding_window", WindowWhereAbsent) : null;
        int first = used && config.OptionalPositive("max_window_layers", FirstWindowedWhereAbsent) is int layers ? layers : 0;
        return WindowFields.Read(config, model, window, layer => layer >= first);
    }
}
