using Workbench.Text.Corpora;

namespace Workbench.Shared.Tests.Text.Corpora;

public sealed class DotnetDocsCorpusTests : IDisposable
{
    private const string Xml = """
        <doc><assembly><name>Sample</name></assembly><members>
          <member name="T:Space.Box`1"><summary>Holds a <typeparamref name="T" /> that may be <see langword="null" />, see <see cref="M:Space.Box`1.Open(System.String)" />.</summary></member>
          <member name="M:Space.Box`1.Open(System.String,System.Collections.Generic.List{System.Int32}@)">
            <summary>Opens the box with the <paramref name="key" />
              and <c>care</c>.</summary>
            <param name="key">The key of the box.</param><param name="empty"></param>
            <returns><see langword="true" /> when it opened.</returns>
            <exception cref="T:System.ArgumentNullException"><paramref name="key" /> is <see langword="null" />.</exception>
            <remarks><para>First thing.</para><para>Second thing.</para></remarks>
          </member>
          <member name="M:Space.Box`1.Open(System.Int32)"><summary>Opens the box by the number of its slot in the wall.</summary></member>
          <member name="M:Space.Box`1.Again(System.Int32)"><summary>Opens the box by the number of its slot in the wall.</summary></member>
          <member name="M:Space.Box`1.Inner.#ctor"><summary>Initializes a new instance of the nested inner class.</summary></member>
          <member name="P:Space.Box`1.X"><summary>Short.</summary></member>
        </members></doc>
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("corpus-").FullName;

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
    }

    private List<Document> Documents()
    {
        string path = Path.Combine(_folder, "Sample.xml");
        File.WriteAllText(path, Xml);
        return [.. DotnetDocsCorpus.Build([path]).Documents(CorpusSplit.All)];
    }

    [Fact]
    public void A_member_reads_as_text()
    {
        Document method = Documents().Single(d => d.Text.Contains("Opens the box with", StringComparison.Ordinal));

        method.Name.ShouldBe("Space.Box.Open(String, List<Int32>)");
        method.Text.ShouldBe("""
            Method Space.Box.Open(String, List<Int32>)
            Opens the box with the key and care.
            Parameters:
            - key: The key of the box.
            Returns: true when it opened.
            Exceptions:
            - ArgumentNullException: key is null.
            Remarks: First thing.
            Second thing.
            """.ReplaceLineEndings("\n"));
        method.Labels.ShouldBe(new Dictionary<string, string> { ["namespace"] = "Space", ["assembly"] = "Sample", ["kind"] = "Method" }, ignoreOrder: true);
    }

    [Fact]
    public void References_become_their_text()
    {
        Documents().Single(d => d.Labels["kind"] == "Type").Text.ShouldBe("Type Space.Box\nHolds a T that may be null, see Box.Open.");
    }

    [Fact]
    public void Short_texts_and_repeated_bodies_are_dropped()
    {
        List<Document> documents = Documents();

        documents.ShouldNotContain(d => d.Text.Contains("Short.", StringComparison.Ordinal));
        documents.Count(d => d.Text.Contains("by the number of its slot", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void A_nested_types_namespace_is_that_of_the_outermost_type()
    {
        Document constructor = Documents().Single(d => d.Labels["kind"] == "Constructor");

        constructor.Labels["namespace"].ShouldBe("Space");
        constructor.Name.ShouldBe("Space.Box.Inner()");
    }

    [Fact]
    public void The_documentation_of_this_machine_is_large_and_its_overloads_fall_on_one_side()
    {
        ICorpus corpus = CorpusRegistry.Open("dotnet-docs");
        var heldOut = corpus.Documents(CorpusSplit.HeldOut).Select(WithoutParameters).ToHashSet(StringComparer.Ordinal);
        var train = corpus.Documents(CorpusSplit.Train).Select(WithoutParameters).ToHashSet(StringComparer.Ordinal);

        train.Count.ShouldBeGreaterThan(10_000);
        heldOut.Overlaps(train).ShouldBeFalse();
        ((double)heldOut.Count / (heldOut.Count + train.Count)).ShouldBeInRange(0.04, 0.06);
        corpus.Documents(CorpusSplit.All).Select(d => d.Id).ShouldBe(Enumerable.Range(0, (int)corpus.Documents(CorpusSplit.All).LongCount()).Select(i => (long)i));
    }

    private static string WithoutParameters(Document document)
    {
        return document.Labels["kind"] + " " + document.Name.Split('(')[0];
    }
}
