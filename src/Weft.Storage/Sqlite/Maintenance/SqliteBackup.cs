using Weft.Core.Storage;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite.Maintenance;

/// <summary>Copies a store to one file and back. A file counts as a backup only once all of it was checked.</summary>
public static class SqliteBackup
{
    private const string CopyTo = "VACUUM INTO ?";
    private const string Partial = ".partial";

    /// <summary>
    /// Writes the store of a folder, as it is at this moment, to a new file. A coordinator may be at work: it is not
    /// held up.
    /// </summary>
    /// <exception cref="StoreException">There is no sound store, the file exists, or it can't be written.</exception>
    public static StoreFindings Create(string folder, string file)
    {
        if (Path.Exists(file))
        {
            throw Failed($"{file} exists already: choose another name, since a backup never overwrites one");
        }

        var partial = file + Partial;
        return Attempt($"The backup {file} can't be written", partial, () =>
        {
            // What a backup that was interrupted left behind.
            DeletePartial(partial);
            // Ours before SQLite writes to it: in a folder that others may write, they could have made it first.
            new FileStream(partial, PrivateFiles.Options(FileMode.CreateNew, FileAccess.Write, FileShare.None)).Dispose();
            using (var connection = SqliteDatabase.OpenSnapshot(folder)) connection.Prepared(CopyTo)
                .Bind(Path.GetFullPath(partial)).Run();
            PrivateFiles.Tighten(partial);
            Sync(partial);
            var found = Sound(partial, "The store is damaged, so this is no backup of it");
            File.Move(partial, file);
            return found;
        });
    }

    /// <summary>Makes a store of a backup in a folder that is empty or doesn't exist.</summary>
    /// <exception cref="StoreException">The folder isn't empty, or the file is no whole and sound backup.</exception>
    public static StoreFindings Restore(string file, string folder)
    {
        if (Path.Exists(folder) && (!Directory.Exists(folder) || Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw Failed(
                $"{folder} is not empty: a backup is restored into a folder of its own, and never over a store");
        }

        if (File.Exists(file + "-wal"))
        {
            throw Failed($"{file} is a part of a store, not a backup: its log lies beside it. 'weft backup' makes one");
        }

        var found = Sound(file, $"{file} is not a whole backup");
        var database = Path.Combine(folder, SqliteDatabase.FileName);
        return Attempt($"The store in {folder} can't be written", database + Partial, () =>
        {
            using var held = new SqliteFolderLock(folder);
            File.Copy(file, database + Partial);
            // The copy has the backup's mode.
            PrivateFiles.Tighten(database + Partial);
            Sync(database + Partial);
            File.Move(database + Partial, database);
            return found;
        });
    }

    private static StoreFindings Sound(string file, string otherwise)
    {
        var found = SqliteCheck.RunOnFile(file);
        return found.IsSound ? found : throw Failed($"{otherwise}: {found.Findings[0]}");
    }

    private static void Sync(string file)
    {
        using var written = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        written.Flush(flushToDisk: true);
    }

    private static StoreFindings Attempt(string otherwise, string partial, Func<StoreFindings> step)
    {
        try
        {
            return step();
        }
        catch (Exception exception) when (
            exception is SqliteError or IOException or UnauthorizedAccessException or StoreException)
        {
            if (Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(partial)))) DeletePartial(partial);
            throw exception as StoreException ?? Failed($"{otherwise}: {exception.Message.TrimEnd('.')}", exception);
        }
    }

    /// <summary>With the journal that SQLite leaves beside it when the disk is full.</summary>
    private static void DeletePartial(string partial)
    {
        File.Delete(partial);
        File.Delete(partial + "-journal");
    }

    private static StoreException Failed(string message, Exception? inner = null) =>
        SqliteDatabase.Unusable(message, inner);
}
