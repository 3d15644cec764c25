using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.PreTokenization;

/// <summary>Steps one after the other.</summary>
internal sealed class PreTokenizerSequence(IReadOnlyList<IPreTokenizer> steps) : IPreTokenizer
{
    public bool EndsInBytes => steps is [.., { EndsInBytes: true }];

    public void Apply(ref TextPieces pieces)
    {
        foreach (IPreTokenizer step in steps)
        {
            step.Apply(ref pieces);
        }
    }

    private sealed class Reader : IStepReader<IPreTokenizer>
    {
        public string Type => "Sequence";

        public IPreTokenizer Read(JsonField field)
        {
            field.Only("pretokenizers");
            JsonField list = field["pretokenizers"];
            IPreTokenizer[] steps = StepReaders<IPreTokenizer>.ReadAll(list);
            int bytes = Array.FindIndex(steps, step => step.EndsInBytes);
            return bytes < 0 || bytes == steps.Length - 1
                ? new PreTokenizerSequence(steps)
                : throw list.Items().ElementAt(bytes + 1)["type"].Unsupported("nothing may follow ByteLevel");
        }
    }
}
