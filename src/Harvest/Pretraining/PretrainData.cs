using System.Text;
using Workbench.Text.Corpora;

namespace Workbench.Harvest.Pretraining;

/// <summary>The corpus as tokens: what is trained on, and what is held out.</summary>
internal sealed class PretrainData
{
    private PretrainData(TokenStream train, TokenStream heldOut, double bytesPerToken)
    {
        Train = train;
        HeldOut = heldOut;
        BytesPerToken = bytesPerToken;
    }

    public TokenStream Train { get; }

    public TokenStream HeldOut { get; }

    /// <summary>Bytes of held-out text for each of its tokens, separators included.</summary>
    public double BytesPerToken { get; }

    public static PretrainData Create(ICorpus corpus, Func<string, int[]> encode, int context)
    {
        var train = new TokenStream(Encode(corpus, CorpusSplit.Train, encode), context);
        var heldOut = new TokenStream(Encode(corpus, CorpusSplit.HeldOut, encode), context);
        long bytes = corpus.Documents(CorpusSplit.HeldOut).Sum(document => (long)Encoding.UTF8.GetByteCount(document.Text));
        return new PretrainData(train, heldOut, (double)bytes / heldOut.Count);
    }

    private static IEnumerable<int[]> Encode(ICorpus corpus, CorpusSplit split, Func<string, int[]> encode)
    {
        return corpus.Documents(split).AsParallel().AsOrdered().Select(document => encode(document.Text));
    }
}
