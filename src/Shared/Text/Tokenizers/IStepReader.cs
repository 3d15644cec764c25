using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers;

/// <summary>Reads one kind of step of a tokenizer.json. Every class of the assembly that implements it takes part.</summary>
/// <typeparam name="TStep">What the step does in the pipeline.</typeparam>
internal interface IStepReader<out TStep>
{
    /// <summary>The value of <c>type</c> that the step goes by.</summary>
    string Type { get; }

    /// <summary>Reads the step.</summary>
    /// <exception cref="WorkbenchException">A field is wrong or asks for what is not supported.</exception>
    TStep Read(JsonField field);
}
