using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.Models;

/// <summary>Reads one kind of model of a tokenizer.json. Every class of the assembly that implements it takes part.</summary>
internal interface ITokenModelReader
{
    /// <summary>The value of <c>type</c> that the model goes by.</summary>
    string Type { get; }

    /// <summary>Reads the model.</summary>
    /// <param name="field">The field <c>model</c>.</param>
    /// <param name="overBytes">Whether the vocabulary is written in the byte alphabet.</param>
    /// <exception cref="WorkbenchException">A field is wrong or asks for what is not supported.</exception>
    TokenModelParts Read(JsonField field, bool overBytes);
}
