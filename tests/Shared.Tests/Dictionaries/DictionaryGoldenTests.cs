using System.Text.Json;
using Workbench.Dictionaries;
using Workbench.Dictionaries.Formats;
using Workbench.Testing;

namespace Workbench.Shared.Tests.Dictionaries;

[Trait("Category", "Golden")]
public sealed class DictionaryGoldenTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("formats").FullName;

    public static IEnumerable<TheoryDataRow<string>> Cases()
    {
        return DictionaryGoldenCase.All();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_peers_dictionary_gives_the_latents_and_reconstructions_that_the_peer_computes(string name)
    {
        Golden.Require("sae", name);
        var golden = new DictionaryGoldenCase(name);

        using SparseAutoencoder dictionary = golden.Load();

        golden.Check(dictionary, name);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_peers_dictionary_knows_its_hook_where_the_file_names_one(string name)
    {
        Golden.Require("sae", name);
        var golden = new DictionaryGoldenCase(name);
        using SparseAutoencoder dictionary = golden.Load();
        string stated = golden.Expected.GetProperty("hook").GetString() ?? string.Empty;
        string[] own = ["saelens", "sparsify", "llama_scope", "openmoss", "openmoss_pt"];

        if (own.Contains(DictionaryLoader.Recognise(golden.Place).Name))
        {
            dictionary.Config.Hook.ShouldBe(stated);
        }
        else
        {
            // Elsewhere the text in the file is kept as the peer spells it; what names no layer is left empty.
            dictionary.Config.Hook.Any(char.IsDigit).ShouldBe(dictionary.Config.Hook.Length > 0 && stated.Any(char.IsDigit));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_saved_in_its_own_layout_holds_the_peers_tensors_and_loads_as_the_same_dictionary(string name)
    {
        Golden.Require("sae", name);
        var golden = new DictionaryGoldenCase(name);
        IDictionaryFormat format = DictionaryLoader.Recognise(golden.Place);
        using SparseAutoencoder original = golden.Load();
        string place = File.Exists(golden.Place) ? _folder : Path.Combine(_folder, golden.LoadPath);

        format.Save(original, place);

        DictionaryLoader.Recognise(place).Name.ShouldBe(format.Name);
        using SparseAutoencoder saved = DictionaryLoader.LoadSparse(place);
        golden.Check(saved, name);
        (saved.Config with { Metadata = original.Config.Metadata, SubtractDecoderBias = original.Config.SubtractDecoderBias }).ShouldBe(original.Config);
        FileInventory.ShouldMatch(golden, place);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_other_layout_holds_the_same_dictionary_or_says_why_not(string name)
    {
        Golden.Require("sae", name);
        var golden = new DictionaryGoldenCase(name);
        using SparseAutoencoder original = golden.Load();
        List<string> held = [];
        foreach (IDictionaryFormat format in DictionaryLoader.Formats)
        {
            string place = Path.Combine(_folder, format.Name);
            if (format.Obstacle(original) is string obstacle)
            {
                string message = Should.Throw<WorkbenchException>(() => format.Save(original, place)).Message;
                message.ShouldContain(format.Name);
                message.ShouldContain(obstacle);
                Directory.Exists(place).ShouldBeFalse(format.Name);
                continue;
            }

            format.Save(original, place);
            DictionaryLoader.Recognise(place).Name.ShouldBe(format.Name);
            using SparseAutoencoder saved = DictionaryLoader.LoadSparse(place);
            golden.Check(saved, $"{name} as {format.Name}");
            held.Add(format.Name);
        }

        held.ShouldContain("workbench");
    }

    public static IEnumerable<TheoryDataRow<string>> BadFolders()
    {
        string bad = Path.Combine(DictionaryGoldenCase.Root, "bad");
        return Directory.Exists(bad)
            ? Golden.Cases(bad, "expected.json").Select(folder => new TheoryDataRow<string>(Path.GetFileName(folder)))
            : [new TheoryDataRow<string>(string.Empty)];
    }

    [Theory]
    [MemberData(nameof(BadFolders))]
    public void A_file_that_must_be_refused_is_refused_by_name(string name)
    {
        string folder = Golden.Require("sae", "bad", name);
        JsonElement expected = Golden.Json(folder, "expected.json");
        string path = Path.GetFullPath(Path.Combine(folder, expected.GetProperty("load_path").GetString()!));
        string why = expected.GetProperty("why").GetString()!;
        Assert.SkipWhen(
            why.StartsWith("a storage holds fewer bytes", StringComparison.Ordinal) && StorageCheck.IsWhole(path),
            $"{path} does not have the defect it is there for: every storage has all the bytes that its tensors need. PickleTests shortens one.");

        string message = Should.Throw<WorkbenchException>(() => DictionaryLoader.Load(path)).Message;

        foreach (JsonElement named in expected.GetProperty("message_must_name").EnumerateArray())
        {
            message.Replace(folder, string.Empty, StringComparison.Ordinal).ShouldContain(named.GetString()!, Case.Insensitive);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_dictionary_moves_between_the_two_ways_to_treat_the_decoder_bias_without_changing(string name)
    {
        Golden.Require("sae", name);
        var golden = new DictionaryGoldenCase(name);
        using SparseAutoencoder original = golden.Load();
        if (original.Config.ReconstructionWidth != original.Config.Width)
        {
            return;
        }

        using SparseAutoencoder other = original.WithDecoderBiasSubtracted(!original.Config.SubtractDecoderBias);
        using SparseAutoencoder back = other.WithDecoderBiasSubtracted(original.Config.SubtractDecoderBias);

        golden.Check(other, "the other way");
        golden.Check(back, "and back");
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
    }
}
