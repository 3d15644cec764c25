using Workbench.Harvest.Pretraining;
using Workbench.Text.Tokenizers;

namespace Workbench.Harvest.Tests.Pretraining;

public class BpeTrainerTests
{
    private static BpeVocabulary Train(int size, params string[] texts)
    {
        var trainer = new BpeTrainer();
        foreach (string text in texts)
        {
            trainer.Add(text);
        }

        return trainer.Train(size, ["<|endoftext|>"]);
    }

    [Fact]
    public void The_most_frequent_pair_is_merged_first()
    {
        BpeVocabulary vocabulary = Train(260, "abab abab abab cd");

        vocabulary.Merges[0].ShouldBe(("a", "b"));
        vocabulary.Merges[1].ShouldBe(("ab", "ab"));
        vocabulary.Entries.Count.ShouldBe(260);
        vocabulary.Entries[0].ShouldBe("<|endoftext|>");
    }

    [Fact]
    public void A_pair_that_overlaps_itself_is_merged_from_the_left()
    {
        BpeVocabulary vocabulary = Train(259, "aaaa aaaa aaaa");

        vocabulary.Merges.ShouldBe([("a", "a"), ("aa", "aa")]);
    }

    [Fact]
    public void Training_twice_gives_the_same_vocabulary()
    {
        string[] texts = ["the method returns the value", "the value of the method", "returns a value, or null"];

        Train(300, texts).Merges.ShouldBe(Train(300, texts).Merges);
    }

    [Fact]
    public void The_written_file_is_read_back_and_encodes_without_loss()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        string path = Path.Combine(folder, "tokenizer.json");
        const string Text = "Returns the value of the method, or null.\n  Grüße, 日本 🙂";
        BpeTokenizerFile.Write(path, Train(320, Text, "the value of the method", "the method"));

        TextTokenizer tokenizer = TokenizerLoader.FromJson(path);

        tokenizer.BosId.ShouldBe(0);
        tokenizer.AddsBos.ShouldBeTrue();
        int[] ids = tokenizer.Encode(Text);
        ids.Length.ShouldBeLessThan(System.Text.Encoding.UTF8.GetByteCount(Text));
        tokenizer.Decode(ids).ShouldBe(Text);
        tokenizer.Encode(Text, addSpecialTokens: true)[0].ShouldBe(0);
        Directory.Delete(folder, recursive: true);
    }
}
