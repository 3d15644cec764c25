using System.Text;
using System.Text.Json;
using Workbench.Text.Tokenizers;
using Workbench.Text.Tokenizers.Normalization;
using Workbench.Workspaces;

namespace Workbench.Shared.Tests.Text.Tokenizers;

public class ReplacementTableTests
{
    [Fact]
    public void Characters_and_short_clusters_are_replaced_and_the_rest_stays()
    {
        INormalizer sut = Normalizer(new() { ["ﬁ"] = "fi", ["e\u0301"] = "é", ["\u200B"] = "", ["\u3000"] = " " });

        AlignedText text = sut.Normalize("aﬁ\u3000e\u0301\u200B😀")!;

        text.Text.ShouldBe("afi é😀");
        text.Starts.Take(7).ShouldBe([0, 1, 1, 2, 3, 6, 6]);
        text.Ends.Take(7).ShouldBe([1, 2, 2, 3, 4, 8, 8]);
        sut.Normalize("plain").ShouldBeNull();
    }

    [Fact]
    public void A_table_that_is_not_whole_is_refused()
    {
        byte[] whole = Table(new() { ["a"] = "b" });
        for (int length = 0; length < whole.Length; length++)
        {
            ReplacementTable.TryRead(whole.AsSpan(0, length), out _).ShouldBeFalse();
        }

        ReplacementTable.TryRead(whole, out _).ShouldBeTrue();
    }

    private static INormalizer Normalizer(Dictionary<string, string> replacements)
    {
        string json = JsonSerializer.Serialize(new { type = "Precompiled", precompiled_charsmap = Convert.ToBase64String(Table(replacements)) });
        return StepReaders<INormalizer>.Read(new JsonField("tokenizer.json", "normalizer", JsonDocument.Parse(json).RootElement));
    }

    /// <summary>A double array in which every node has a block of 256 units of its own.</summary>
    private static byte[] Table(Dictionary<string, string> replacements)
    {
        var texts = new MemoryStream();
        var children = new Dictionary<string, SortedSet<byte>> { [""] = [] };
        var leaves = new Dictionary<string, uint>();
        foreach ((string from, string to) in replacements)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(from);
            string path = "";
            foreach (byte value in bytes)
            {
                children[path].Add(value);
                path += (char)value;
                children.TryAdd(path, []);
            }

            leaves[path] = (uint)texts.Length;
            texts.Write(Encoding.UTF8.GetBytes(to + "\0"));
        }

        // Node number n keeps its children at 256 (n + 1), reached by the exclusive or of its place with its offset.
        string[] nodes = [.. children.Keys];
        uint[] units = new uint[256 * (nodes.Length + 1)];
        var places = new Dictionary<string, uint> { [""] = 0 };
        for (int number = 0; number < nodes.Length; number++)
        {
            string node = nodes[number];
            uint block = 256 * ((uint)number + 1);
            uint place = places[node];
            units[place] |= ((place ^ block) << 10) | (leaves.ContainsKey(node) ? 0x100u : 0);
            if (leaves.TryGetValue(node, out uint start))
            {
                units[block] = start | 0x8000_0000;
            }

            foreach (byte child in children[node])
            {
                places[node + (char)child] = block ^ child;
                units[block ^ child] = child;
            }
        }

        byte[] trie = new byte[units.Length * sizeof(uint)];
        Buffer.BlockCopy(units, 0, trie, 0, trie.Length);
        return [.. BitConverter.GetBytes(trie.Length), .. trie, .. texts.ToArray()];
    }
}
