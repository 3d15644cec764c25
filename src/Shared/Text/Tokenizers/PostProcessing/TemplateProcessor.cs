using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.PostProcessing;

/// <summary>Special tokens around the text, as a template for one sequence gives them.</summary>
internal sealed class TemplateProcessor(int[] prefix, int[] suffix) : IPostProcessor
{
    public TokenFrame Apply(TokenFrame before)
    {
        return before.Around(prefix, suffix);
    }

    private sealed class Reader : IStepReader<IPostProcessor>
    {
        public string Type => "TemplateProcessing";

        public IPostProcessor Read(JsonField field)
        {
            field.Only("single", "pair", "special_tokens");
            var prefix = new List<int>();
            var suffix = new List<int>();
            bool textSeen = false;
            foreach (JsonField item in field["single"].Items())
            {
                item.Only("Sequence", "SpecialToken");
                if (!item["Sequence"].IsNull)
                {
                    textSeen = !textSeen ? true : throw item["Sequence"].Unsupported("the text must occur once in the template");
                    continue;
                }

                JsonField definition = field["special_tokens"][item["SpecialToken"]["id"].Text()];
                (textSeen ? suffix : prefix).AddRange(definition["ids"].Items().Select(id => id.Id()));
            }

            return textSeen
                ? new TemplateProcessor([.. prefix], [.. suffix])
                : throw field["single"].Unsupported("the text must occur once in the template");
        }
    }
}
