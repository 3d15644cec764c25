using System.Text.RegularExpressions;

namespace Workbench.Text.Tokenizers;

/// <summary>Reads the field <c>pre_tokenizer</c> into steps. The last step must be byte-level.</summary>
internal static class SplitStepReader
{
    /// <summary>The pattern of GPT-2, which a byte-level pre-tokenizer with <c>use_regex</c> stands for.</summary>
    public const string Gpt2Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private const string Supported = "supported are Sequence, Split, Digits and a final ByteLevel";

    public static IReadOnlyList<ISplitStep> Read(JsonField field)
    {
        var steps = new List<ISplitStep>();
        if (field.IsNull || !Append(field, steps))
        {
            throw field.Unsupported(Supported);
        }

        return steps;
    }

    public static PatternStep Isolate(string pattern)
    {
        return new PatternStep(PatternTranslator.Compile(pattern), keepMatches: true, keepRest: true);
    }

    /// <summary>Appends a step and says whether it was the byte-level one.</summary>
    private static bool Append(JsonField field, List<ISplitStep> steps)
    {
        switch (field["type"].Text())
        {
            case "Sequence":
                bool ended = false;
                foreach (JsonField step in field["pretokenizers"].Items())
                {
                    ended = ended ? throw step["type"].Unsupported("nothing may follow ByteLevel") : Append(step, steps);
                }

                return ended;
            case "Digits":
                steps.Add(new DigitStep(field["individual_digits"].Flag(whenAbsent: false)));
                return false;
            case "Split":
                steps.Add(ReadSplit(field));
                return false;
            case "ByteLevel":
                if (field["add_prefix_space"].Flag(whenAbsent: true))
                {
                    throw field["add_prefix_space"].Unsupported("only false is");
                }

                if (field["use_regex"].Flag(whenAbsent: true))
                {
                    steps.Add(Isolate(Gpt2Pattern));
                }

                return true;
            default:
                throw field["type"].Unsupported(Supported);
        }
    }

    private static PatternStep ReadSplit(JsonField field)
    {
        JsonField pattern = field["pattern"];
        bool invert = field["invert"].Flag(whenAbsent: false);
        string behavior = field["behavior"].Text();
        if (behavior is not ("Isolated" or "Removed"))
        {
            throw field["behavior"].Unsupported("supported are Isolated and Removed");
        }

        bool isolated = behavior == "Isolated";
        try
        {
            Regex expression = PatternTranslator.Compile(
                pattern["Regex"].TextOrNull() ?? Regex.Escape(pattern["String"].Text()));
            return new PatternStep(expression, keepMatches: isolated || invert, keepRest: isolated || !invert);
        }
        catch (NotSupportedException unsupported)
        {
            throw new WorkbenchException($"{field.File}: field '{pattern.Path}' cannot be used, because {unsupported.Message}; use a model with another tokenizer.");
        }
    }
}
