using Workbench.Text.Corpora;

namespace Workbench.Shared.Tests.Text.Corpora;

public sealed class FileCorpusTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("corpus-").FullName;

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    [Fact]
    public void Blank_lines_separate_the_documents_of_a_text_file()
    {
        ICorpus corpus = CorpusRegistry.Open(Write("a.txt", "one\ntwo\n\n\nthree\n"));

        corpus.Documents(CorpusSplit.All).Select(d => d.Text).ShouldBe(["one\ntwo", "three"], ignoreOrder: true);
        corpus.Documents(CorpusSplit.All).Select(d => d.Name).ShouldBe(["a.txt:1", "a.txt:5"], ignoreOrder: true);
    }

    [Fact]
    public void A_json_lines_file_gives_names_and_labels()
    {
        ICorpus corpus = CorpusRegistry.Open(Write("a.jsonl", """{"text":"hello","name":"n","labels":{"topic":"t"}}""" + "\n"));

        Document document = corpus.Documents(CorpusSplit.All).Single();
        (document.Name, document.Text, document.Labels["topic"]).ShouldBe(("n", "hello", "t"));
        corpus.LabelNames.ShouldBe(["topic"]);
    }

    [Fact]
    public void A_broken_line_is_named()
    {
        string path = Write("a.jsonl", "{\"text\":\"ok\"}\n{\"txt\":1}\n");

        Should.Throw<WorkbenchException>(() => CorpusRegistry.Open(path).Documents(CorpusSplit.All).Count()).Message.ShouldContain($"{path} line 2");
    }

    [Fact]
    public void A_corpus_without_text_is_refused()
    {
        string path = Write("empty.txt", " \n\n \n");

        Should.Throw<WorkbenchException>(() => CorpusRegistry.Open(path)).Message.ShouldContain($"{path} holds no text");
    }

    [Fact]
    public void An_unknown_kind_is_wrong_usage()
    {
        Should.Throw<UsageException>(() => CorpusRegistry.Open("novels")).Message.ShouldContain("dotnet-docs");
    }

    [Fact]
    public void The_hash_follows_the_content()
    {
        string first = CorpusRegistry.Open(Write("a.txt", "one\n\ntwo")).Hash;

        CorpusRegistry.Open(Write("b.txt", "two\n\none")).Hash.ShouldNotBe(CorpusRegistry.Open(Write("c.txt", "two\n\nother")).Hash);
        CorpusRegistry.Open(Write("a.txt", "one\n\ntwo")).Hash.ShouldBe(first);
    }
}
