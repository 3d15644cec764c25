using Apache.Arrow;
using Apache.Arrow.Types;

namespace Workbench.Activations;

/// <summary>What a shard says about where its rows come from; kept in the Arrow schema's metadata.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="ModelHash">The SHA-256 of its weights.</param>
/// <param name="Hook">The hook point's name.</param>
/// <param name="Width">Values a row.</param>
/// <param name="TokenizerHash">The SHA-256 of the tokenizer.</param>
/// <param name="Bos">Whether each sequence begins with a BOS token: <c>always</c> or <c>never</c>.</param>
/// <param name="Context">The longest sequence, in tokens.</param>
/// <param name="Run">The harvest's id.</param>
public sealed record ShardHeader(
    string Model,
    string ModelHash,
    string Hook,
    int Width,
    string TokenizerHash,
    string Bos,
    int Context,
    string Run)
{
    internal const string Format = "activations-1";
    internal const string DTypeKey = "dtype";
    internal const string HookKey = "hook";
    internal const string Activation = "activation";
    internal const string TokenId = "token_id";
    internal const string Document = "document";
    internal const string Sequence = "sequence";
    internal const string Position = "position";

    internal Schema Schema(StorageType type)
    {
        IArrowType number = type switch
        {
            StorageType.Float16 => HalfFloatType.Default,
            StorageType.BFloat16 => UInt16Type.Default,
            _ => FloatType.Default,
        };
        var list = new FixedSizeListType(new Field("item", number, nullable: false), Width);
        return new Schema.Builder()
            .Field(new Field(Activation, list, nullable: false))
            .Field(new Field(TokenId, Int32Type.Default, nullable: false))
            .Field(new Field(Document, Int64Type.Default, nullable: false))
            .Field(new Field(Sequence, Int64Type.Default, nullable: false))
            .Field(new Field(Position, Int32Type.Default, nullable: false))
            .Metadata(MappedArrow.FormatKey, Format)
            .Metadata("model", Model)
            .Metadata("model_hash", ModelHash)
            .Metadata(HookKey, Hook)
            .Metadata(DTypeKey, type.Name())
            .Metadata("tokenizer_hash", TokenizerHash)
            .Metadata("bos", Bos)
            .Metadata("context", Context.ToString(System.Globalization.CultureInfo.InvariantCulture))
            .Metadata("run", Run)
            .Build();
    }
}
