using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.Normalization;

/// <summary>Reads BERT's normaliser: cleaning, room around ideographs, accents off, lower case, each where it is asked for.</summary>
internal sealed class BertNormalizer : IStepReader<INormalizer>
{
    public string Type => "BertNormalizer";

    public INormalizer Read(JsonField field)
    {
        field.Only("clean_text", "handle_chinese_chars", "strip_accents", "lowercase");
        var steps = new List<INormalizer>();
        if (field["clean_text"].Flag(whenAbsent: true))
        {
            steps.Add(new ControlCleaner());
        }

        if (field["handle_chinese_chars"].Flag(whenAbsent: true))
        {
            steps.Add(new IdeographSpacer());
        }

        bool lowercase = field["lowercase"].Flag(whenAbsent: true);
        if (field["strip_accents"].Flag(whenAbsent: lowercase))
        {
            steps.Add(new UnicodeNormalizer(compatibility: false, compose: false));
            steps.Add(new StripAccentsNormalizer());
        }

        if (lowercase)
        {
            steps.Add(new LowercaseNormalizer());
        }

        return new NormalizerSequence(steps);
    }
}
