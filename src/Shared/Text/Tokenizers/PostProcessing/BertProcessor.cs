using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.PostProcessing;

/// <summary>Reads the fixed frame of BERT: [CLS] before the text, [SEP] after it.</summary>
internal sealed class BertProcessor : IStepReader<IPostProcessor>
{
    public string Type => "BertProcessing";

    public IPostProcessor Read(JsonField field)
    {
        field.Only("sep", "cls");
        return new TemplateProcessor([Id(field["cls"])], [Id(field["sep"])]);
    }

    /// <summary>The id of a pair of token and id.</summary>
    public static int Id(JsonField pair)
    {
        return pair.Count() == 2 ? pair.At(1).Id() : throw pair.Wrong("[\"token\", id]");
    }
}
