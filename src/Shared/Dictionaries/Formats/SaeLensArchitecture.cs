namespace Workbench.Dictionaries.Formats;

/// <summary>One of SAELens' names of architectures, and what it stands for here.</summary>
/// <param name="Name">The name in <c>cfg.json</c>.</param>
/// <param name="Rule">How latents are chosen.</param>
internal sealed record SaeLensArchitecture(string Name, SparseArchitecture Rule)
{
    private static readonly SaeLensArchitecture[] s_all =
    [
        new("standard", SparseArchitecture.Relu),
        new("topk", SparseArchitecture.TopK),
        new("abstopk", SparseArchitecture.AbsTopK),
        new("jumprelu", SparseArchitecture.JumpRelu),
        new("gated", SparseArchitecture.Gated),
        new("transcoder", SparseArchitecture.Relu) { IsTranscoder = true },
        new("skip_transcoder", SparseArchitecture.Relu) { IsTranscoder = true, HasSkip = true },
        new("jumprelu_transcoder", SparseArchitecture.JumpRelu) { IsTranscoder = true },
        new("jumprelu_skip_transcoder", SparseArchitecture.JumpRelu) { IsTranscoder = true, HasSkip = true },
        new("batchtopk", SparseArchitecture.JumpRelu) { IsBatchTopK = true },
        new("matryoshka_batchtopk", SparseArchitecture.JumpRelu) { IsBatchTopK = true },
    ];

    public bool IsTranscoder { get; private init; }

    public bool HasSkip { get; private init; }

    /// <summary>A training checkpoint that keeps one threshold for all latents and is exported as jumprelu.</summary>
    public bool IsBatchTopK { get; private init; }

    public bool HasK => Rule is SparseArchitecture.TopK or SparseArchitecture.AbsTopK;

    public static SaeLensArchitecture Find(JsonFields fields, string name)
    {
        return s_all.FirstOrDefault(architecture => architecture.Name == name)
            ?? throw fields.Bad("architecture", string.Join(", ", s_all.Select(architecture => architecture.Name)), $"'{name}'");
    }

    /// <summary>The architecture that holds a dictionary, or null where there is none.</summary>
    public static SaeLensArchitecture? Of(SparseAutoencoder dictionary)
    {
        return s_all.FirstOrDefault(architecture => !architecture.IsBatchTopK
            && architecture.Rule == dictionary.Config.Architecture
            && architecture.IsTranscoder == dictionary.Config.IsTranscoder
            && architecture.HasSkip == dictionary.Weights.Skip is not null);
    }
}
