using LiteDB;

namespace Workbench.Explorer.Catalog;

/// <summary>What people wrote about one latent of one dictionary.</summary>
public sealed class LabelEntry
{
    /// <summary>Weights hash and latent; text, because LiteDB takes a number 0 for "no id".</summary>
    [BsonId(false)]
    public string Key { get; set; } = string.Empty;

    public string Dictionary { get; set; } = string.Empty;

    public int Latent { get; set; }

    public string Label { get; set; } = string.Empty;

    public string Note { get; set; } = string.Empty;

    /// <summary>Whether it is on the list of features to show to others.</summary>
    public bool Starred { get; set; }

    /// <summary>Ticks of the time (UTC) of the last change.</summary>
    public long Written { get; set; }

    [BsonIgnore]
    public bool IsEmpty => Label.Length == 0 && Note.Length == 0 && !Starred;

    public static string KeyOf(string dictionary, int latent)
    {
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{dictionary}:{latent}");
    }
}
