namespace Workbench.Text.Tokenizers.PreTokenization;

/// <summary>One step of pre-tokenisation: cuts pieces into smaller ones, or rewrites them.</summary>
internal interface IPreTokenizer
{
    /// <summary>Whether what follows works on bytes. Only the last step of a sequence may say so.</summary>
    bool EndsInBytes => false;

    /// <summary>Applies the step to every piece.</summary>
    void Apply(ref TextPieces pieces);
}
