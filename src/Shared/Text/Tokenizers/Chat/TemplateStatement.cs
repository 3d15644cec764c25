using System.Text;

namespace Workbench.Text.Tokenizers.Chat;

/// <summary>A compiled statement: appends to the output and says whether the loop around it goes on.</summary>
internal delegate LoopSignal TemplateStatement(TemplateScope scope, StringBuilder output);
