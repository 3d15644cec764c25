using Workbench.Models.Weights;
using Workbench.Testing;
using Workbench.Text.Tokenizers;

namespace Workbench.Shared.Tests.Text.Tokenizers;

public class ModelChatTemplateTests
{
    [Fact]
    public void The_template_of_the_real_model_marks_each_turn_and_opens_the_next()
    {
        TextTokenizer sut = Open();
        ChatMessage[] messages = [new("system", "Be brief."), new("user", "Hi"), new("assistant", "Hello!"), new("user", "Why?")];

        string text = sut.ApplyChatTemplate(messages, addGenerationPrompt: true);

        text.ShouldBe(
            "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n"
            + "<|im_start|>assistant\nHello!<|im_end|>\n<|im_start|>user\nWhy?<|im_end|>\n<|im_start|>assistant\n");
    }

    [Fact]
    public void The_template_of_the_real_model_puts_its_own_system_turn_first_where_the_conversation_has_none()
    {
        TextTokenizer sut = Open();

        string text = sut.ApplyChatTemplate([new ChatMessage("user", "Hi"), new ChatMessage("assistant", "Hello!")], addGenerationPrompt: false);

        text.ShouldStartWith("<|im_start|>system\n");
        text.ShouldEndWith("<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello!<|im_end|>\n");
        sut.Encode(text).Count(sut.IsSpecial).ShouldBe(6);
    }

    private static TextTokenizer Open()
    {
        using GgufFile file = GgufFile.Open(Golden.RequireModel());
        TextTokenizer tokenizer = TokenizerLoader.FromGguf(file);
        Assert.SkipUnless(
            tokenizer.ChatTemplate?.Contains("<|im_start|>", StringComparison.Ordinal) == true,
            "The model's chat template is not of the form that this test writes out.");
        return tokenizer;
    }
}
