using LiteDB;

namespace Workbench.Explorer.Catalog;

/// <summary>
/// The one connection to workbench.db. LiteDB has no lock between processes here, so the Explorer's own lock on the workspace
/// must be held before this is opened.
/// </summary>
internal sealed class CatalogDatabase : IDisposable
{
    public const string FileName = "workbench.db";

    private readonly LiteDatabase _database;

    private CatalogDatabase(LiteDatabase database, string root, TimeProvider time)
    {
        _database = database;
        Root = root;
        Time = time;
        Labels = database.GetCollection<LabelEntry>("labels");
        Jobs = database.GetCollection<JobEntry>("jobs");
    }

    public string Root { get; }

    public TimeProvider Time { get; }

    public ILiteCollection<LabelEntry> Labels { get; }

    public ILiteCollection<JobEntry> Jobs { get; }

    /// <summary>Opens or creates the database of a workspace.</summary>
    /// <exception cref="WorkbenchException">The file is damaged.</exception>
    public static CatalogDatabase Open(string root, TimeProvider time)
    {
        string path = Path.Combine(root, FileName);
        var mapper = new BsonMapper { EmptyStringToNull = false, TrimWhitespace = false };
        try
        {
            return new CatalogDatabase(
                new LiteDatabase(new ConnectionString { Filename = path, Connection = ConnectionType.Direct }, mapper), root, time);
        }
        catch (Exception damaged) when (damaged is LiteException or IOException or InvalidCastException)
        {
            throw new WorkbenchException(
                $"{path} cannot be opened ({damaged.Message.TrimEnd('.')}); move it away, and labels come back from {LabelLog.FileName}.", damaged);
        }
    }

    public void Dispose()
    {
        _database.Dispose();
    }
}
