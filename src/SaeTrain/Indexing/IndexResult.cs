using Workbench.Features;

namespace Workbench.SaeTrain.Indexing;

/// <summary>What <c>saetrain index</c> leaves.</summary>
/// <param name="MeanActive">Latents on in a row, on average.</param>
/// <param name="RowsPerToken">Rows encoded of each token: several where each hook is encoded by itself.</param>
/// <param name="SecondsByPhase">Seconds of each phase that ran, in order.</param>
internal sealed record IndexResult(
    string Dictionary,
    string Harvest,
    string Folder,
    bool AlreadyComplete,
    int Latents,
    int Alive,
    int Dead,
    int Dense,
    long Tokens,
    double MeanActive,
    ActivationSource Source,
    string Precision,
    double Seconds,
    IReadOnlyDictionary<string, double> SecondsByPhase,
    int RowsPerToken);
