using Workbench.Models.Weights;

namespace Workbench.Text.Tokenizers.Gguf;

/// <summary>The metadata of a GGUF file that describe its tokenizer.</summary>
internal sealed class GgufTokenizerFields
{
    private readonly GgufFile _file;

    public GgufTokenizerFields(GgufFile file)
    {
        _file = file;
        Written = Require<string[]>("tokens");
        Types = RequireForEachToken<int>("token_type");
        var vocabulary = new Dictionary<string, int>(Written.Length, StringComparer.Ordinal);
        for (int id = 0; id < Written.Length; id++)
        {
            vocabulary[Written[id]] = id;
        }

        Vocabulary = vocabulary;
    }

    /// <summary>What the keys of a tokenizer begin with.</summary>
    public const string Prefix = "tokenizer.ggml.";

    /// <summary>The tokens as they are written, by id.</summary>
    public string[] Written { get; }

    /// <summary>What each token is: <see cref="GgufTokenType"/>.</summary>
    public int[] Types { get; }

    /// <summary>Ids by token; of two equal ones the later.</summary>
    public Dictionary<string, int> Vocabulary { get; }

    public GgufTokenType TypeOf(int id)
    {
        return (GgufTokenType)Types[id];
    }

    public T Require<T>(string name)
        where T : class
    {
        return _file.Find<T>(Prefix + name) ?? throw Bad(name, "present, but is absent; use a file that holds its tokenizer");
    }

    public T[] RequireForEachToken<T>(string name)
    {
        T[] values = Require<T[]>(name);
        return values.Length == Written.Length
            ? values
            : throw Bad(name, $"{Written.Length} numbers, one for each token, but has {values.Length}; check the file");
    }

    public int? TokenId(string role)
    {
        string name = $"{role}_token_id";
        return _file.FindInt32(Prefix + name) switch
        {
            null => null,
            int id when id >= 0 && id < Written.Length => id,
            int id => throw Bad(name, $"an id of the vocabulary of {Written.Length} tokens, but is {id}; check the file"),
        };
    }

    public bool Flag(string name, bool whenAbsent)
    {
        return !_file.Metadata.TryGetValue(Prefix + name, out object? value) ? whenAbsent
            : value as bool? ?? throw Bad(name, $"true or false, but is {value}; check the file");
    }

    public WorkbenchException Bad(string name, string rest)
    {
        return new WorkbenchException($"{_file.Path}: metadata '{Prefix}{name}' must be {rest}.");
    }
}
