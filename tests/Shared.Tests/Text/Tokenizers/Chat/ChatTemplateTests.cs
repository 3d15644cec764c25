using Workbench.Text.Tokenizers;
using Workbench.Text.Tokenizers.Chat;

namespace Workbench.Shared.Tests.Text.Tokenizers.Chat;

public class ChatTemplateTests
{
    private static readonly ChatMessage[] s_conversation =
    [
        new("system", "Be brief."),
        new("user", " Hi, what is 2+2? "),
        new("assistant", "<think>\nadd\n</think>\n\n4"),
        new("user", "\"Zoë\"\tsays 😀\n"),
    ];

    private static readonly Dictionary<string, string> s_variables = new() { ["bos_token"] = "<s>", ["eos_token"] = "</s>" };

    public static IEnumerable<TheoryDataRow<string, string>> Rendered => RenderedTemplates.All;

    [Theory]
    [MemberData(nameof(Rendered))]
    public void A_template_renders_as_in_jinja2(string template, string expected)
    {
        ChatTemplate.Parse(template).Render(s_conversation, addGenerationPrompt: true, s_variables).ShouldBe(expected);
    }

    [Theory]
    [InlineData("a\n{% macro m(x) %}{{ x }}{% endmacro %}", "tag 'macro'", "line 2")]
    [InlineData("{{ 'a' | shuffle }}", "filter 'shuffle'", "line 1")]
    [InlineData("{% if x is odder %}{% endif %}", "test 'odder'", "line 1")]
    [InlineData("{{ cycler('a') }}", "function 'cycler'", "line 1")]
    [InlineData("\n\n{{ a ? b }}", "character '?'", "line 3")]
    [InlineData("{% for x in y %}", "{% endfor %}", "line 1")]
    [InlineData("{% endif %}", "tag 'endif'", "line 1")]
    [InlineData("{{ 'a", "string that does not end", "line 1")]
    [InlineData("{{ a", "'}}'", "line 1")]
    public void Syntax_outside_the_subset_is_refused_by_name_and_line(string template, string construct, string line)
    {
        string sentence = Should.Throw<WorkbenchException>(() => Render(template)).Message;

        sentence.ShouldContain(construct);
        sentence.ShouldContain(line);
    }

    [Fact]
    public void A_template_that_refuses_a_conversation_is_quoted()
    {
        Should.Throw<WorkbenchException>(() => Render("{{ raise_exception('Roles must alternate') }}"))
            .Message.ShouldContain("Roles must alternate");
    }

    [Theory]
    [InlineData("{{ nothing.member }}", "undefined")]
    [InlineData("{{ messages }}", "a list")]
    [InlineData("{{ 'a'.encode() }}", "'encode'")]
    [InlineData("{{ 1 + 'a' }}", "a number + a string")]
    [InlineData("{{ 1 // 0 }}", "zero")]
    [InlineData("{% for i in 3 %}{% endfor %}", "a number as if it were a list")]
    [InlineData("{% set a.b = 1 %}", "no namespace")]
    public void A_failure_while_rendering_says_what_failed(string template, string problem)
    {
        Should.Throw<WorkbenchException>(() => Render(template)).Message.ShouldContain(problem);
    }

    private static string Render(string template)
    {
        return ChatTemplate.Parse(template).Render(s_conversation, addGenerationPrompt: true, s_variables);
    }
}
