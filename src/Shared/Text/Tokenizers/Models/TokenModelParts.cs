using Workbench.Text.Tokenizers.PreTokenization;

namespace Workbench.Text.Tokenizers.Models;

/// <summary>What the field <c>model</c> describes.</summary>
/// <param name="Model">The model.</param>
/// <param name="Vocabulary">Its tokens as they are written, with their ids.</param>
/// <param name="Boundaries">Cuts pieces where the model would never join them, so that parts can be remembered; null where there is no such rule.</param>
internal sealed record TokenModelParts(ITokenModel Model, Dictionary<string, int> Vocabulary, IPreTokenizer? Boundaries = null);
