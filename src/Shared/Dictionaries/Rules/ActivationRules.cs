namespace Workbench.Dictionaries.Rules;

/// <summary>The rules by architecture, and checks that several share.</summary>
internal static class ActivationRules
{
    private static readonly Dictionary<SparseArchitecture, IActivationRule> s_rules = new IActivationRule[]
    {
        new ReluRule(), new TopKRule(), new AbsTopKRule(), new GroupMaxRule(), new JumpReluRule(), new GatedRule(),
    }.ToDictionary(rule => rule.Architecture);

    public static IActivationRule Find(SparseArchitecture architecture)
    {
        return s_rules.TryGetValue(architecture, out IActivationRule? rule)
            ? rule
            : throw new ArgumentOutOfRangeException(nameof(architecture), architecture, "not an architecture");
    }

    public static void RequireK(SparseAutoencoderConfig config, string source)
    {
        if (config.K is null)
        {
            throw new WorkbenchException($"{source}: k is missing, where architecture {Name(config)} needs it; add the k it was trained with.");
        }

        if (config.K < 1 || config.K > config.Latents)
        {
            throw new WorkbenchException($"{source}: k is {config.K}, where 1 to d_sae ({config.Latents}) was expected.");
        }
    }

    public static void RefuseDecoderNorm(SparseAutoencoderConfig config, string source)
    {
        if (config.RescaleByDecoderNorm || config.SelectByDecoderNorm)
        {
            throw new WorkbenchException(
                $"{source}: rescale_acts_by_decoder_norm is true, which is known where latents compete for places (topk and its kin), not for architecture {Name(config)}; fold the norm into the encoder.");
        }
    }

    private static string Name(SparseAutoencoderConfig config)
    {
        return config.Architecture.ToString().ToLowerInvariant();
    }
}
