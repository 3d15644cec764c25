using System.Text.Json;
using Workbench.Text.Tokenizers.PostProcessing;
using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers;

/// <summary>
/// What stands beside tokenizer.json in a model's folder: the begin and end tokens and the chat template, from
/// tokenizer_config.json, generation_config.json, config.json and chat_template.jinja, whichever exist.
/// </summary>
internal static class TokenizerCompanions
{
    public static TokenizerFacts Read(string path, string hash, TokenTable tokens, TokenFrame frame)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        JsonField? tokenizer = Open(folder, "tokenizer_config.json");
        JsonField? generation = Open(folder, "generation_config.json");
        JsonField? model = Open(folder, "config.json");

        int? bos = NamedToken(tokenizer, "bos_token", tokens) ?? FirstId(generation, "bos_token_id") ?? FirstId(model, "bos_token_id");
        var eos = new SortedSet<int>();
        eos.UnionWith(Ids(generation, "eos_token_id"));
        if (eos.Count == 0)
        {
            eos.UnionWith(Ids(model, "eos_token_id"));
        }

        int? end = NamedToken(tokenizer, "eos_token", tokens);
        if (end is { } named)
        {
            eos.Add(named);
        }

        if (bos is null && frame.Prefix is [int first, ..])
        {
            bos = first;
        }

        return new TokenizerFacts(hash, bos, eos, end ?? (eos.Count > 0 ? eos.Min : null), Template(folder, tokenizer));
    }

    private static JsonField? Open(string folder, string name)
    {
        string file = Path.Combine(folder, name);
        if (!File.Exists(file))
        {
            return null;
        }

        using JsonDocument document = JsonFile.Open(file);
        return new JsonField(file, "", document.RootElement.Clone());
    }

    private static int? NamedToken(JsonField? file, string name, TokenTable tokens)
    {
        if (file is not { } found || found[name].IsNull)
        {
            return null;
        }

        JsonField field = found[name];
        string text = field.Value.ValueKind == JsonValueKind.Object ? field["content"].Text() : field.Text();
        return tokens.Find(text);
    }

    private static int? FirstId(JsonField? file, string name)
    {
        return Ids(file, name) is [int first, ..] ? first : null;
    }

    private static int[] Ids(JsonField? file, string name)
    {
        if (file is not { } found || found[name].IsNull)
        {
            return [];
        }

        JsonField field = found[name];
        return field.Value.ValueKind == JsonValueKind.Array ? [.. field.Items().Select(id => id.Id())] : [field.Id()];
    }

    private static string? Template(string folder, JsonField? tokenizer)
    {
        string file = Path.Combine(folder, "chat_template.jinja");
        if (File.Exists(file))
        {
            return ReadText(file);
        }

        if (tokenizer is not { } found || found["chat_template"] is not { IsNull: false } field)
        {
            return null;
        }

        if (field.Value.ValueKind == JsonValueKind.String)
        {
            return field.Text();
        }

        JsonField[] templates = [.. field.Items()];
        if (templates.Length == 0)
        {
            return null;
        }

        JsonField chosen = templates.FirstOrDefault(template => template["name"].Text() == "default", templates[0]);
        return chosen["template"].Text();
    }

    private static string ReadText(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new WorkbenchException($"Cannot read {file}: {unreadable.Message}");
        }
    }
}
